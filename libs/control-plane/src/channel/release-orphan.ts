import type { Channel } from '@millrace/eventing-api';

/** Ending of the finalizers that provisioners put on their Channels (`in-memory-channel-controller`, `kafka-provisioner-channel-controller`). */
const PROVISIONER_FINALIZER = /-channel-controller$/;

/** How long after the delete request a missing provisioner may still come back (an upgrade that deletes and re-creates it). */
export const ORPHAN_GRACE_MS = 15_000;

/** What to do about a Channel that is being deleted while its provisioner does not exist. */
export type OrphanDecision =
  | { readonly outcome: 'keep' }
  | { readonly outcome: 'wait'; readonly forMs: number }
  /** `channel` has the finalizers that may stay; `message` says what is left behind in the store. */
  | { readonly outcome: 'release'; readonly channel: Channel; readonly message: string };

/** Decides whether a Channel whose provisioner is gone has waited long enough for it. Its store objects stay: nobody can delete them. */
export function decideOrphan(channel: Channel, provisionerName: string, nowMs: number): OrphanDecision {
  const { deletionTimestamp, finalizers = [] } = channel.metadata;
  const remaining = finalizers.filter((name) => !PROVISIONER_FINALIZER.test(name));
  if (deletionTimestamp === undefined || remaining.length === finalizers.length) return { outcome: 'keep' };
  const waitMs = Date.parse(deletionTimestamp) + ORPHAN_GRACE_MS - nowMs;
  if (waitMs > 0) return { outcome: 'wait', forMs: waitMs };
  const store = Object.entries(channel.status?.store ?? {}).map(([what, name]) => `${what} ${name}`);
  const left = store.length === 0 ? 'what it kept in the store' : store.join(', ');
  return {
    outcome: 'release',
    channel: { ...channel, metadata: { ...channel.metadata, finalizers: remaining } },
    message: `ClusterChannelProvisioner "${provisionerName}" is gone: the Channel is let go, and nobody deletes ${left}.`,
  };
}
