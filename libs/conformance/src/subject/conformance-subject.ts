import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Capabilities,
  ChannelDriver,
  Consumption,
  ConsumeOptions,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  PublishResult,
  StoredEvent,
} from '@millrace/eventing-api';
import { expect } from 'vitest';
import type { ConformanceHarness } from '../harness/conformance-harness.types.js';
import { testEvent } from './test-event.js';
import { waitFor, within } from './waiting.js';

const MANY: ConsumeOptions = { maxInFlight: 100 };

/** Subscriptions, as many as there were names. */
export type SubscriptionsOf<Names extends readonly string[]> = { readonly [Index in keyof Names]: DriverSubscription };

/**
 * What a requirement is checked against: a driver just opened on the store of the harness, and objects that no other check uses. What
 * a check leaves behind is removed after it.
 */
export class ConformanceSubject {
  /** A Channel of its own, not ensured yet. */
  readonly channel: DriverChannel;
  private readonly channels: DriverChannel[] = [];
  private readonly drivers: ChannelDriver[];
  private readonly consumptions: Consumption[] = [];
  private readonly endings: (() => Promise<void>)[] = [];

  constructor(
    readonly driver: ChannelDriver,
    readonly harness: ConformanceHarness,
  ) {
    this.drivers = [driver];
    this.channel = this.newChannel();
  }

  get capabilities(): Capabilities {
    return this.harness.capabilities;
  }

  get patienceMs(): number {
    return this.harness.patienceMs;
  }

  /** A Channel with a UID of its own, not ensured yet. */
  newChannel(variation: Partial<DriverChannel> = {}): DriverChannel {
    const channel: DriverChannel = {
      namespace: 'conformance',
      name: 'orders',
      uid: randomUUID(),
      purpose: 'events',
      arguments: this.harness.channelArguments ?? {},
      ...variation,
    };
    this.channels.push(channel);
    return channel;
  }

  subscription(name: string, channel = this.channel): DriverSubscription {
    return { channel, name, uid: randomUUID() };
  }

  /** Ensures the Channel and these Subscriptions of it, from now on. */
  ready<const Names extends readonly string[]>(...names: Names): Promise<SubscriptionsOf<Names>> {
    return this.ensureWith(this.channel, names);
  }

  /** Ensures a Channel and these Subscriptions of it, from now on. */
  readyOn<const Names extends readonly string[]>(
    channel: DriverChannel,
    ...names: Names
  ): Promise<SubscriptionsOf<Names>> {
    return this.ensureWith(channel, names);
  }

  /** One more instance of the driver on the same store, as another process would have it. */
  async openAnother(): Promise<ChannelDriver> {
    const driver = await this.harness.open();
    this.drivers.push(driver);
    return driver;
  }

  /** A driver on a store with little room, and a Channel of it. */
  async openBounded(maxEvents: number): Promise<ConformanceSubject> {
    if (!this.harness.openBounded) throw new Error('The harness has no openBounded');
    const subject = new ConformanceSubject(await this.harness.openBounded(maxEvents), this.harness);
    this.onEnd(() => subject.end());
    return subject;
  }

  publish(event: StoredEvent | string, channel = this.channel, signal?: AbortSignal): Promise<PublishResult> {
    return this.driver.publish(channel, typeof event === 'string' ? testEvent(event) : event, signal);
  }

  /**
   * Has these events stored, one after the other. A store that answers only after delivery (`acknowledgesDelivery`) is not waited for: its answer may hang on
   * what the check does next.
   */
  async store(...events: readonly (StoredEvent | string)[]): Promise<void> {
    for (const event of events) await this.storeIn(this.channel, event);
  }

  async storeIn(channel: DriverChannel, event: StoredEvent | string): Promise<void> {
    const result = this.publish(event, channel);
    if (this.capabilities.acknowledgesDelivery && channel.purpose === 'events') {
      result.catch(() => {});
      await nextTurn();
      return;
    }
    expect(await result, 'the answer to a publish').toEqual({ outcome: 'stored' });
  }

  /** Consumes until the check ends, or before. */
  consume(
    subscription: DriverSubscription,
    handler: { readonly handle: EventHandler },
    options: ConsumeOptions = MANY,
    driver = this.driver,
  ): Consumption {
    const consumption = driver.consume(subscription, handler.handle, options);
    // Who wants to know of a loss listens for it.
    consumption.closed.catch(() => {});
    this.consumptions.push(consumption);
    return consumption;
  }

  /** Waits until the assertions hold; fails with their last error. */
  eventually<T>(assertions: () => T | Promise<T>): Promise<T> {
    return waitFor(assertions, this.patienceMs);
  }

  /** Fails when it takes longer than the suite waits for anything. `what` completes "... did not end". */
  within<T>(promise: Promise<T>, what: string, limitMs = this.patienceMs): Promise<T> {
    return within(promise, limitMs, what);
  }

  /** Has something undone when the check is over. */
  onEnd(ending: () => Promise<void>): void {
    this.endings.push(ending);
  }

  /** Lets go of everything and removes what was made. What fails here is another requirement's business. */
  async end(): Promise<void> {
    const now = AbortSignal.abort();
    await this.clearUp(this.consumptions, (consumption) => consumption.stop(now));
    await this.clearUp(this.endings, (ending) => ending());
    await this.clearUp(this.channels, (channel) => this.driver.deleteChannel(channel));
    await this.clearUp(this.drivers, (driver) => driver.close());
  }

  private async ensureWith<Names extends readonly string[]>(
    channel: DriverChannel,
    names: Names,
  ): Promise<SubscriptionsOf<Names>> {
    await this.driver.ensureChannel(channel);
    const subscriptions = names.map((name) => this.subscription(name, channel));
    for (const subscription of subscriptions) await this.driver.ensureSubscription(subscription, 'now');
    return subscriptions as unknown as SubscriptionsOf<Names>;
  }

  private async clearUp<T>(things: readonly T[], action: (thing: T) => Promise<void>): Promise<void> {
    const actions = things.map(async (thing) => action(thing));
    await within(Promise.allSettled(actions), this.patienceMs, 'the clean-up').catch(() => {});
  }
}
