import { isDeepStrictEqual } from 'node:util';
import type { DeliveryEngine, SubscriptionDelivery } from '@millrace/delivery';
import type { ChannelDriver, Clock, Consumption, DriverChannel, Logger } from '@millrace/eventing-api';
import type { ChannelDeadLetters } from '../dead-letters/channel-dead-letters.js';
import type { DeliverableEntry } from './subscriber-entry.js';

/** A Subscription that is consumed in this process. */
interface RunningConsumption {
  entry: DeliverableEntry;
  readonly delivery: SubscriptionDelivery;
  readonly consumption: Consumption;
  readonly begunAtMs: number;
  /** Whether the store hands out its events, or was told to pause. */
  flows: boolean;
}

/** A Subscription that is consumed, by its name within its Channel; one that has no UID of its own has its name for that. */
export interface ConsumedSubscription {
  readonly name: string;
  readonly uid: string;
}

/** Name of a Channel. */
interface ChannelKey {
  readonly namespace: string;
  readonly name: string;
}

/** What consumptions need of their process. */
export interface ConsumptionContext {
  readonly engine: DeliveryEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A store took a consumption of this Channel away, a while ago: ensure again what it keeps, and follow the Channel. */
  readonly onLost: (channel: ChannelKey) => void;
  /** Dead letters of this Channel cannot be stored, or can again. */
  readonly onDeadLetterFault: (channel: ChannelKey) => void;
}

/** The Channel that is consumed. */
export interface ConsumedChannel {
  readonly driver: ChannelDriver;
  /** As it is now. */
  readonly channel: () => DriverChannel;
  readonly deadLetters: ChannelDeadLetters;
}

const LOST_AGAIN_AFTER_MS = 1000;
/** What is under way when a Subscription is deleted may end by itself in this time: then nothing of it is delivered again to one that is made anew. */
const LAST_ATTEMPTS_MS = 1000;

/** The consumptions of one Channel in this process: one for each subscriber, kept in line with the Channel's list. */
export class ChannelConsumptions {
  private readonly running = new Map<string, RunningConsumption>();
  /** Of Subscriptions that are gone and may come back: their accounts go on. */
  private readonly resting = new Map<string, SubscriptionDelivery>();
  /** Subscriptions whose consumption was lost a moment ago, or is ending. */
  private readonly notNow = new Set<string>();
  /** Why dead letters cannot be stored, by name of the Subscription. */
  private readonly faults = new Map<string, string>();
  /** Stops that are under way, by name of the Subscription. */
  private readonly stopping = new Map<string, Promise<void>>();
  private wanted = new Map<string, DeliverableEntry>();
  private ended = false;

  constructor(
    private readonly source: ConsumedChannel,
    private readonly context: ConsumptionContext,
    private readonly onLost: (entry: DeliverableEntry) => void,
  ) {}

  /** Starts, changes and pauses consumptions so that these entries are delivered and no others. */
  follow(entries: readonly DeliverableEntry[]): void {
    if (this.ended) return;
    this.wanted = new Map(entries.map((entry) => [entry.name, entry]));
    for (const running of [...this.running.values()]) {
      const entry = this.wanted.get(running.entry.name);
      if (entry) this.change(running, entry);
      this.regulate(running);
    }
    for (const entry of entries) {
      if (this.running.has(entry.name) || this.notNow.has(entry.name) || entry.paused) continue;
      this.begin(entry);
    }
  }

  /** The Subscriptions that are being delivered here; with `flows: false`, only what was handed out before. One that waits to come back is none. */
  active(): readonly (ConsumedSubscription & { readonly flows: boolean })[] {
    return [...this.running.values()]
      .filter(({ entry }) => this.wanted.has(entry.name))
      .map(({ entry: { name, target }, flows }) => ({ name, uid: target.uid, flows }));
  }

  /** Why dead letters cannot be stored, by name of the Subscription. */
  deadLetterFaults(): ReadonlyMap<string, string> {
    return this.faults;
  }

  /**
   * Ends one consumption; events handed out may settle until the deadline. Its account goes on when it begins again, which it does when the Channel is
   * followed with it.
   */
  async endOne(name: string, deadline: AbortSignal): Promise<void> {
    this.wanted.delete(name);
    const running = this.running.get(name);
    await (running ? this.end(running, deadline) : this.stopping.get(name));
  }

  /** Ends one consumption, as `endOne`; events handed out may settle for a second. */
  async endSoon(name: string): Promise<void> {
    const deadline = new AbortController();
    const timer = this.context.clock.schedule(LAST_ATTEMPTS_MS, () => deadline.abort());
    await this.endOne(name, deadline.signal);
    timer.cancel();
  }

  /** Ends those that are not wanted and that the leader is about to take from the store, which cannot forget what is still consumed in any process. */
  letGo(isLeft: (subscription: ConsumedSubscription) => boolean): void {
    for (const running of [...this.running.values()]) {
      const { name, target } = running.entry;
      if (this.ended || this.wanted.has(name) || !isLeft({ name, uid: target.uid })) continue;
      void this.endSoon(name).then(() => this.follow([...this.wanted.values()]));
    }
  }

  /** The Subscription, whose consumption has ended, does not come back. */
  forget(name: string): void {
    this.resting.get(name)?.abort();
    this.resting.delete(name);
  }

  /** Ends all for good: events handed out may settle until the deadline. */
  async endAll(deadline: AbortSignal): Promise<void> {
    this.ended = true;
    const ending = [...this.running.values()];
    await Promise.all([...ending.map(({ consumption }) => consumption.stop(deadline)), ...this.stopping.values()]);
    for (const { delivery } of ending) delivery.abort();
    for (const name of [...this.resting.keys()]) this.forget(name);
    this.running.clear();
    this.faults.clear();
  }

  private begin(entry: DeliverableEntry): void {
    const { driver } = this.source;
    const subscription = { channel: this.source.channel(), name: entry.name, uid: entry.target.uid };
    const delivery = this.openDelivery(entry);
    const begunAtMs = this.context.clock.now();
    let consumption: Consumption;
    try {
      consumption = driver.consume(subscription, delivery.handle, { maxInFlight: delivery.claimWindow });
    } catch (error) {
      delivery.abort();
      this.beginAnew(entry, begunAtMs, error);
      return;
    }
    const running = { entry, delivery, consumption, begunAtMs, flows: true };
    this.running.set(entry.name, running);
    this.regulate(running);
    consumption.closed.catch((error: unknown) => this.lost(running, error));
  }

  private openDelivery({ name, target }: DeliverableEntry): SubscriptionDelivery {
    const rested = this.resting.get(name);
    const fits = rested?.target.delivery.ordering === target.delivery.ordering;
    // One that could not store dead letters would not tell again that it cannot.
    if (rested && fits && rested.deadLetterFault === undefined) {
      this.resting.delete(name);
      rested.update(target);
      return rested;
    }
    this.forget(name);
    return this.context.engine.open(target, {
      deadLetterPlace: this.source.deadLetters.placeOf(name),
      onDeadLetterFault: (message) => this.onDeadLetterFault(name, message),
    });
  }

  private change(running: RunningConsumption, entry: DeliverableEntry): void {
    const { delivery, consumption } = running;
    const before = running.entry.target;
    running.entry = entry;
    if (before.delivery.ordering !== entry.target.delivery.ordering) {
      // Made anew with another order, which no delivery can change under way: what was handed out comes again.
      void this.end(running, AbortSignal.abort()).then(() => this.follow([...this.wanted.values()]));
    } else if (!isDeepStrictEqual(before, entry.target)) {
      delivery.update(entry.target);
      consumption.update({ maxInFlight: delivery.claimWindow });
    }
  }

  private async end(
    { entry: { name }, delivery, consumption }: RunningConsumption,
    deadline: AbortSignal,
  ): Promise<void> {
    this.running.delete(name);
    this.resting.set(name, delivery);
    this.notNow.add(name);
    const stopped = consumption.stop(deadline);
    this.stopping.set(name, stopped);
    await stopped;
    this.stopping.delete(name);
    this.notNow.delete(name);
    this.forgetFault(name);
  }

  /** The one place that decides whether the events of a Subscription flow. */
  private regulate(running: RunningConsumption): void {
    const { entry, consumption } = running;
    const flows = this.wanted.has(entry.name) && !entry.paused && !this.faults.has(entry.name);
    if (flows === running.flows) return;
    running.flows = flows;
    if (flows) consumption.resume();
    else consumption.pause();
  }

  private onDeadLetterFault(name: string, message: string | undefined): void {
    if (message === undefined) {
      this.forgetFault(name);
      return;
    }
    const running = this.running.get(name);
    if (!running || this.faults.get(name) === message) return;
    this.faults.set(name, message);
    this.regulate(running);
    this.context.onDeadLetterFault(this.source.channel());
  }

  /** Dead letters can be stored, or there is nothing left that has to be: what could not be was given back to the store. */
  private forgetFault(name: string): void {
    if (!this.faults.delete(name)) return;
    const running = this.running.get(name);
    if (running) this.regulate(running);
    this.context.onDeadLetterFault(this.source.channel());
  }

  private lost(lost: RunningConsumption, error: unknown): void {
    const { name } = lost.entry;
    if (this.running.get(name) !== lost) return;
    lost.delivery.abort();
    this.running.delete(name);
    this.forgetFault(name);
    this.beginAnew(lost.entry, lost.begunAtMs, error);
  }

  /**
   * The store does not have what is to be consumed, or no more: again, at most once a second. One that has gone on for longer begins at once, since a position
   * that was deleted misses every event until it is made again.
   */
  private beginAnew(entry: DeliverableEntry, begunAtMs: number, error: unknown): void {
    const { namespace, name: channel } = this.source.channel();
    const fields = { namespace, channel, subscription: entry.name, error };
    this.context.logger.warn('A consumption was lost; it begins anew', fields);
    this.notNow.add(entry.name);
    const waitMs = Math.max(0, begunAtMs + LOST_AGAIN_AFTER_MS - this.context.clock.now());
    this.context.clock.schedule(waitMs, () => {
      this.notNow.delete(entry.name);
      if (!this.ended) this.onLost(entry);
    });
  }
}
