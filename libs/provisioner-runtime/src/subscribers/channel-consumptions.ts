import type { DeliveryEngine, SubscriptionDelivery } from '@millrace/delivery';
import type {
  ChannelDriver,
  Clock,
  Consumption,
  DriverChannel,
  DriverSubscription,
  Logger,
} from '@millrace/eventing-api';
import type { DeliverableEntry, SubscriberEntry } from './subscriber-entry.js';

/** A Subscription that is consumed in this process. */
interface RunningConsumption {
  readonly entry: SubscriberEntry;
  readonly subscription: DriverSubscription;
  readonly delivery: SubscriptionDelivery;
  readonly consumption: Consumption;
}

/** What consumptions need of their process. */
export interface ConsumptionContext {
  readonly engine: DeliveryEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A store took a consumption of this Channel away, a while ago: ensure again what it keeps, and follow the Channel. */
  readonly onLost: (channel: { readonly namespace: string; readonly name: string }) => void;
}

const LOST_AGAIN_AFTER_MS = 1000;

/** The consumptions of one Channel in this process: one for each subscriber, kept in line with the Channel's list. */
export class ChannelConsumptions {
  private readonly running = new Map<string, RunningConsumption>();
  /** Subscriptions whose consumption was lost a moment ago. */
  private readonly lostNames = new Set<string>();
  private wanted: readonly DeliverableEntry[] = [];
  private ended = false;

  constructor(
    private readonly driver: ChannelDriver,
    private readonly channel: DriverChannel,
    private readonly context: ConsumptionContext,
    private readonly onLost: (entry: SubscriberEntry) => void,
  ) {}

  /** Starts, changes and pauses consumptions so that these entries are delivered and no others. */
  follow(entries: readonly DeliverableEntry[]): void {
    if (this.ended) return;
    const before = new Set(this.wanted.map((entry) => entry.name));
    this.wanted = entries;
    const names = new Set(entries.map((entry) => entry.name));
    for (const [name, running] of this.running) {
      if (!names.has(name)) running.consumption.pause();
    }
    for (const entry of entries) {
      const running = this.running.get(entry.name);
      if (running) this.change(running, entry, !before.has(entry.name));
      else if (!this.lostNames.has(entry.name)) this.begin(entry);
    }
  }

  /** The entries whose events are being delivered; one that only waits to come back is none. */
  active(): readonly SubscriberEntry[] {
    return this.wanted.filter((entry) => this.running.has(entry.name));
  }

  /** Ends one consumption at once; attempts under way are released to the store. */
  async endOne(name: string): Promise<void> {
    const running = this.running.get(name);
    if (!running) return;
    this.running.delete(name);
    running.delivery.abort();
    await running.consumption.stop(AbortSignal.abort());
  }

  /** Ends all for good: events handed out may settle until the deadline. */
  async endAll(deadline: AbortSignal): Promise<void> {
    this.ended = true;
    const ending = [...this.running.values()];
    await Promise.all(ending.map((running) => running.consumption.stop(deadline)));
    for (const running of ending) running.delivery.abort();
    this.running.clear();
  }

  private begin(entry: DeliverableEntry): void {
    const subscription = { channel: this.channel, name: entry.name, uid: entry.target.uid };
    const delivery = this.context.engine.open(entry.target);
    const { maxInFlight } = entry.target.delivery;
    let consumption: Consumption;
    try {
      consumption = this.driver.consume(subscription, delivery.handle, { maxInFlight });
    } catch (error) {
      delivery.abort();
      this.beginAnew(entry, error);
      return;
    }
    const running = { entry, subscription, delivery, consumption };
    this.running.set(entry.name, running);
    consumption.closed.catch((error: unknown) => this.lost(running, error));
  }

  private change(running: RunningConsumption, entry: DeliverableEntry, wasPaused: boolean): void {
    running.delivery.update(entry.target);
    running.consumption.update({ maxInFlight: entry.target.delivery.maxInFlight });
    if (wasPaused) running.consumption.resume();
    this.running.set(entry.name, { ...running, entry });
  }

  private lost(lost: RunningConsumption, error: unknown): void {
    if (this.running.get(lost.entry.name)?.consumption !== lost.consumption) return;
    lost.delivery.abort();
    this.running.delete(lost.entry.name);
    this.beginAnew(lost.entry, error);
  }

  /** The store does not have what is to be consumed, or no more: again in a while. */
  private beginAnew(entry: SubscriberEntry, error: unknown): void {
    const { namespace, name: channel } = this.channel;
    const fields = { namespace, channel, subscription: entry.name, error };
    this.context.logger.warn('A consumption was lost; it begins anew', fields);
    this.lostNames.add(entry.name);
    this.context.clock.schedule(LOST_AGAIN_AFTER_MS, () => {
      this.lostNames.delete(entry.name);
      if (!this.ended) this.onLost(entry);
    });
  }
}
