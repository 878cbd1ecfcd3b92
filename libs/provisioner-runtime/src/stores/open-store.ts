import type {
  Capabilities,
  Channel,
  ChannelDriver,
  ChannelDriverProvider,
  Parameters,
  SecretValues,
} from '@millrace/eventing-api';
import { sleep } from '@millrace/eventing-api';
import { PublishDeadlines } from '../intake/publish-deadlines.js';
import { HostedChannel, type HostedChannelContext } from './hosted-channel.js';

const BACKLOG_POLL_MS = 20;
/** A store that needs longer is as good as away; the producer tries again. */
const PUBLISH_TIMEOUT_MS = 10_000;
/** A producer that waits for every subscriber gets its answer before the usual time-out of a minute. */
const ACKNOWLEDGE_TIMEOUT_MS = 55_000;

/** What an open store was opened with. */
export interface StoreOrigin {
  /** Name of the ClusterChannelProvisioner. */
  readonly provisioner: string;
  readonly provider: ChannelDriverProvider;
  readonly parameters: Parameters;
  /** Values of the Secrets that the parameters name. Never shown. */
  readonly secrets: SecretValues;
}

/** The open store of one ClusterChannelProvisioner, and its Channels in this process. */
export class OpenStore {
  readonly capabilities: Capabilities;
  readonly publishDeadlines: PublishDeadlines;
  private readonly channels = new Map<string, HostedChannel>();
  /** UIDs of Channels that this process has deleted while the cache still shows them. */
  private readonly removed = new Set<string>();

  constructor(
    readonly origin: StoreOrigin,
    readonly driver: ChannelDriver,
    private readonly context: HostedChannelContext,
  ) {
    const { provider, parameters } = origin;
    this.capabilities = provider.capabilitiesFor?.(parameters) ?? provider.capabilities;
    const timeoutMs = this.capabilities.acknowledgesDelivery ? ACKNOWLEDGE_TIMEOUT_MS : PUBLISH_TIMEOUT_MS;
    this.publishDeadlines = new PublishDeadlines(timeoutMs, context.clock);
  }

  /** The Channel here, if this process has seen it. */
  channel(uid: string): HostedChannel | undefined {
    return this.channels.get(uid);
  }

  /** The Channel here; undefined once it was removed. */
  host(channel: Channel): HostedChannel | undefined {
    const { uid = '' } = channel.metadata;
    if (this.removed.has(uid)) return undefined;
    let hosted = this.channels.get(uid);
    if (hosted) {
      hosted.see(channel);
    } else {
      hosted = new HostedChannel(channel, this, this.context);
      this.channels.set(uid, hosted);
    }
    return hosted;
  }

  hostedChannels(): Iterable<HostedChannel> {
    return this.channels.values();
  }

  /** The Channel was deleted from the store. */
  remove(uid: string): void {
    this.channels.delete(uid);
    this.removed.add(uid);
  }

  /** The Channel is gone from the API: ends what is left of it here. */
  async forget(uid: string): Promise<void> {
    this.removed.delete(uid);
    const hosted = this.channels.get(uid);
    this.channels.delete(uid);
    await hosted?.consumptions.endAll(AbortSignal.abort());
  }

  /** Lets events be delivered that would be lost with this process, until the deadline; then stops every consumption. */
  async drain(deadline: AbortSignal): Promise<void> {
    if (!this.capabilities.durable) await this.waitUntilDelivered(deadline);
    await Promise.all([...this.channels.values()].map((hosted) => hosted.consumptions.endAll(deadline)));
  }

  async close(): Promise<void> {
    await this.driver.close();
  }

  /** What a drain waits for, by Subscription (`<namespace>/<channel>/<name>`): events that would be lost, or those that are handed out. */
  async unsettled(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const hosted of this.channels.values()) {
      for (const { name: subscription, uid, flows } of hosted.consumptions.active()) {
        const backlog = await this.driver.backlog(hosted.driverSubscription({ name: subscription, uid }));
        const count = (this.capabilities.durable || !flows ? backlog?.inFlight : backlog?.pending) ?? 0;
        const { namespace, name } = hosted.driverChannel;
        if (count > 0) counts[`${namespace}/${name}/${subscription}`] = count;
      }
    }
    return counts;
  }

  private async waitUntilDelivered(deadline: AbortSignal): Promise<void> {
    while (!deadline.aborted && Object.keys(await this.unsettled()).length > 0) {
      await sleep(this.context.clock, BACKLOG_POLL_MS, deadline).catch(() => undefined);
    }
  }
}
