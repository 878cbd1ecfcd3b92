import { CLUSTER_CHANNEL_PROVISIONER, type Channel, type ClusterChannelProvisioner } from '@millrace/eventing-api';
import type { KubeClient, ObjectCache } from '@millrace/kube';
import { cachedOrLive } from '../addressable/cached-or-live.js';

/** The ClusterChannelProvisioner of a Channel: found, not named at all, or gone. */
export type ChannelProvisioner =
  | { readonly outcome: 'found'; readonly provisioner: ClusterChannelProvisioner }
  | { readonly outcome: 'missing'; readonly name: string; readonly existing: readonly string[] };

/** Looks up the provisioner of a Channel. */
export async function findChannelProvisioner(
  channel: Channel,
  provisioners: ObjectCache<ClusterChannelProvisioner>,
  client: KubeClient,
): Promise<ChannelProvisioner> {
  const name = channel.spec?.provisioner?.name ?? '';
  const provisioner = await cachedOrLive(provisioners, client, CLUSTER_CHANNEL_PROVISIONER, { name });
  if (provisioner !== undefined) return { outcome: 'found', provisioner };
  return { outcome: 'missing', name, existing: provisioners.list().map(({ metadata }) => metadata.name ?? '') };
}
