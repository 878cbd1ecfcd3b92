import {
  CHANNEL,
  findCondition,
  isReady,
  type Channel,
  type ChannelStatus,
  type Clock,
  type ClusterChannelProvisioner,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  writeFinalizers,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import type { DriverLeases } from '../cluster-channel-provisioner/driver-leases.js';
import type { ChannelSubscribersSync } from '../subscription/channel-subscribers-sync.js';
import { findChannelProvisioner } from './channel-provisioner.js';
import { decideOrphan } from './release-orphan.js';
import { isNotServed, unservedStatus } from './report-provisioner.js';

export interface ChannelCareParts {
  readonly client: KubeClient;
  readonly channels: ObjectCache<Channel>;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  readonly sync: ChannelSubscribersSync;
  readonly driverLeases: DriverLeases;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/** What a Channel needs that no provisioner gives it: its list of subscribers, and care while its provisioner does not exist. */
export class ChannelCareReconciler implements Reconciler {
  readonly name = 'channel-care';

  constructor(private readonly parts: ChannelCareParts) {}

  async reconcile(key: ObjectKey): Promise<ReconcileResult | undefined> {
    const { client, channels, provisioners, sync, clock } = this.parts;
    await sync.sync(key);
    const channel = channels.get(key);
    if (channel === undefined) return undefined;
    const found = await findChannelProvisioner(channel, provisioners, client);
    if (isDeleting(channel)) {
      return found.outcome === 'missing' ? this.releaseOrphan(channel, found.name) : undefined;
    }
    if (found.outcome === 'found' && (await this.isServedAgain(found.provisioner))) return undefined;
    const status = unservedStatus(channel, found, new Date(clock.now()));
    if (status !== undefined) {
      await updateStatusIfChanged(client, CHANNEL, channel, status);
      this.tellLoss(channel, status);
    }
    return undefined;
  }

  /** Who has taken the Lease of a driver writes its Channels next, perhaps before the ClusterChannelProvisioner says that it is served. */
  private async isServedAgain(provisioner: ClusterChannelProvisioner): Promise<boolean> {
    return isNotServed(provisioner) && (await this.parts.driverLeases.servedForMs(provisioner)) > 0;
  }

  /** One Event when a Channel that worked does so no more. */
  private tellLoss(before: Channel, status: ChannelStatus): void {
    if (!isReady(before)) return;
    const { reason = '', message = '' } = findCondition(status.conditions, 'Provisioned') ?? {};
    this.parts.recorder.record(before, 'Warning', reason, message);
  }

  private async releaseOrphan(channel: Channel, provisioner: string): Promise<ReconcileResult | undefined> {
    const decision = decideOrphan(channel, provisioner, this.parts.clock.now());
    if (decision.outcome === 'wait') return { requeueAfterMs: decision.forMs };
    if (decision.outcome === 'release') {
      await writeFinalizers(this.parts.client, CHANNEL, decision.channel);
      this.parts.recorder.record(channel, 'Warning', 'StoreResourcesOrphaned', decision.message);
    }
    return undefined;
  }
}
