import { CHANNEL, type Channel, type Clock } from '@millrace/eventing-api';
import { withoutFinalizer, writeFinalizers, type KubeClient, type ReconcileResult } from '@millrace/kube';
import { readSubscribers } from '../subscribers/subscriber-entry.js';
import type { HostedChannel } from '../stores/hosted-channel.js';
import type { OpenStore } from '../stores/open-store.js';
import { controllerName } from '../stores/serving-provider.js';

const BACKLOG_POLL_MS = 250;

/** Winds up a Channel that is being deleted. The intake has answered 404 for it since the deletion was seen. */
export class ChannelDeletion {
  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock,
    private readonly gracePeriodMs: number,
  ) {}

  /** Consumption goes on until nothing waits or the grace period is over; then the store lets go of the Channel, and so do we. */
  async run(channel: Channel, store: OpenStore): Promise<ReconcileResult | undefined> {
    const finalizer = controllerName(store.origin.provider.driver);
    const wanted = withoutFinalizer(channel, finalizer);
    if (wanted === channel) return undefined;
    const hosted = store.host(channel);
    if (hosted) {
      const remainingMs = this.graceEndsAtMs(channel) - this.clock.now();
      if (remainingMs > 0 && !(await this.isDelivered(channel, store, hosted))) {
        return { requeueAfterMs: Math.min(remainingMs, BACKLOG_POLL_MS) };
      }
      await hosted.consumptions.endAll(AbortSignal.abort());
      for (const name of subscriptionNames(channel, store, hosted)) await hosted.deadLetters.delete(name);
      await store.driver.deleteChannel(hosted.driverChannel);
      store.remove(hosted.driverChannel.uid);
    }
    // Gone already where the cache is still behind what an earlier run of ours has done.
    await writeFinalizers(this.client, CHANNEL, wanted);
    return undefined;
  }

  private graceEndsAtMs(channel: Channel): number {
    return Date.parse(channel.metadata.deletionTimestamp ?? '') + this.gracePeriodMs;
  }

  private async isDelivered(channel: Channel, store: OpenStore, hosted: HostedChannel): Promise<boolean> {
    for (const entry of readSubscribers(channel, store.capabilities)) {
      // What lives in this process is there only where this process has made it.
      if (!store.capabilities.durable && !hosted.isEnsured(entry)) continue;
      const backlog = await store.driver.backlog(hosted.driverSubscription(entry));
      // A store that cannot tell gets the whole grace period.
      if (backlog === undefined || backlog.pending > 0) return false;
    }
    return true;
  }
}

/** Of every Subscription that may have left dead letters, those that are gone included. */
function subscriptionNames(channel: Channel, store: OpenStore, hosted: HostedChannel): ReadonlySet<string> {
  const listed = readSubscribers(channel, store.capabilities).map(({ name }) => name);
  const told = (channel.status?.subscribers ?? []).flatMap(({ name }) => name ?? []);
  return new Set([...listed, ...told, ...hosted.subscriptionNames()]);
}
