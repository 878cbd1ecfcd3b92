import type { DeliveryEngine, DeliveryHost, SubscriptionDelivery, SubscriptionTarget } from '@millrace/delivery';
import {
  silentLogger,
  type ChannelDriver,
  type ChannelSubscriber,
  type ConsumeOptions,
  type DriverChannel,
  type Settlement,
} from '@millrace/eventing-api';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually, ManualClock } from '@millrace/testing';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { channelObject, storedEvent, subscriber } from '../../test/test-objects.js';
import { ChannelDeadLetters } from '../dead-letters/channel-dead-letters.js';
import { DeadLetterLosses } from '../dead-letters/dead-letter-losses.js';
import { ChannelConsumptions } from './channel-consumptions.js';
import { isDeliverable, readSubscribers, type DeliverableEntry } from './subscriber-entry.js';

const CHANNEL: DriverChannel = { namespace: 'default', name: 'orders', uid: 'u1', purpose: 'events', arguments: {} };
const SUBSCRIPTION = { channel: CHANNEL, name: 'a', uid: 'uid-of-a' };

/** Settles when told to; what the engine would do with HTTP is not the question here. */
class SteeredDelivery {
  readonly ids: string[] = [];
  /** Absent = events stay in flight. */
  settlement: Settlement | undefined = 'delivered';
  aborted = false;
  private readonly waiting: ((settlement: Settlement) => void)[] = [];

  constructor(
    public target: SubscriptionTarget,
    readonly host: DeliveryHost,
  ) {}

  get claimWindow(): number {
    return 3 * this.target.delivery.maxInFlight;
  }

  readonly handle: SubscriptionDelivery['handle'] = (event, claim) => {
    this.ids.push(event.id);
    if (this.settlement) return Promise.resolve(this.settlement);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      claim.signal.addEventListener('abort', () => resolve('release'));
    });
  };

  update(target: SubscriptionTarget): void {
    this.target = target;
  }

  abort(): void {
    this.aborted = true;
    for (const resolve of this.waiting) resolve('release');
  }
}

let driver: ChannelDriver;
let deliveries: SteeredDelivery[];
let windows: number[];
let faultsTold: number;
let lossesTold: number;
let consumptions: ChannelConsumptions;
const clock = new ManualClock();

beforeEach(async () => {
  driver = await inMemoryDriverProvider.open({}, {}, { logger: silentLogger, clock });
  await driver.ensureChannel(CHANNEL);
  await driver.ensureSubscription(SUBSCRIPTION, 'now');
  deliveries = [];
  windows = [];
  faultsTold = 0;
  lossesTold = 0;
  const consume = driver.consume.bind(driver);
  driver.consume = (subscription, handler, options) => {
    windows.push(options.maxInFlight);
    const consumption = consume(subscription, handler, options);
    const update = consumption.update.bind(consumption);
    consumption.update = (changed: ConsumeOptions) => {
      windows.push(changed.maxInFlight);
      update(changed);
    };
    return consumption;
  };
  const engine = {
    open(target: SubscriptionTarget, host: DeliveryHost) {
      const delivery = new SteeredDelivery(target, host);
      deliveries.push(delivery);
      return delivery as unknown as SubscriptionDelivery;
    },
  } as unknown as DeliveryEngine;
  const store = { driver, capabilities: inMemoryDriverProvider.capabilities };
  const deadLetters = new ChannelDeadLetters(store, () => CHANNEL, new DeadLetterLosses(silentLogger));
  consumptions = new ChannelConsumptions(
    { driver, channel: () => CHANNEL, deadLetters },
    { engine, clock, logger: silentLogger, onLost() {}, onDeadLetterFault: () => (faultsTold += 1) },
    () => (lossesTold += 1),
  );
});

function entry(paused = false, delivery: ChannelSubscriber['delivery'] = { maxInFlight: 10 }): DeliverableEntry {
  const listed = { ...subscriber('a', 'http://127.0.0.1:1/'), paused, delivery };
  const channel = channelObject({ subscribable: { subscribers: [listed] } });
  return readSubscribers(channel, inMemoryDriverProvider.capabilities).find(isDeliverable)!;
}

const publish = (id: string) => driver.publish(CHANNEL, storedEvent(id), undefined);
const pending = async () => (await driver.backlog(SUBSCRIPTION))?.pending;
const fail = (message: string | undefined) => deliveries.at(-1)!.host.onDeadLetterFault?.(message);

describe('the events of a Subscription', () => {
  it('flow exactly while it is listed, not paused and its dead letters can be stored; none is lost or comes twice', async () => {
    consumptions.follow([entry()]);
    const [delivery] = deliveries;
    let published = 0;
    const step = fc.record({
      listed: fc.boolean(),
      paused: fc.boolean(),
      fault: fc.constantFrom(undefined, 'no room', 'no right'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        for (const { listed, paused, fault } of steps) {
          consumptions.follow(listed ? [entry(paused)] : []);
          fail(fault);
          // Whatever flowed between the two.
          await new Promise((resolve) => setImmediate(resolve));
          const flows = listed && !paused && fault === undefined;
          const before = delivery!.ids.length;
          const waited = (await pending())!;
          await publish(String(published++));
          await eventually(async () => expect(await pending()).toBe(flows ? 0 : waited + 1));
          expect(delivery!.ids).toHaveLength(flows ? published : before);
        }
      }),
      { numRuns: 30 },
    );
    consumptions.follow([entry()]);
    fail(undefined);
    await eventually(async () => expect(await pending()).toBe(0));
    expect(delivery!.ids).toEqual(Array.from({ length: published }, (_, id) => String(id)));
    expect(deliveries).toHaveLength(1);
  });

  it('of one that is paused from the start are not touched until it is resumed', async () => {
    await publish('1');
    consumptions.follow([entry(true)]);
    expect(deliveries).toEqual([]);
    consumptions.follow([entry(false)]);
    await eventually(() => expect(deliveries[0]?.ids).toEqual(['1']));
  });

  it('are handed out as many at a time as the delivery wants, also after a change', () => {
    for (const maxInFlight of [10, 10, 20]) consumptions.follow([entry(false, { maxInFlight })]);
    expect(windows).toEqual([30, 60]);
  });

  it('that are in flight stay there while it is paused, and do not hold up an end', async () => {
    consumptions.follow([entry()]);
    deliveries[0]!.settlement = undefined;
    await publish('1');
    await eventually(() => expect(deliveries[0]!.ids).toEqual(['1']));
    expect(consumptions.active()).toEqual([{ name: 'a', uid: 'uid-of-a', flows: true }]);
    consumptions.follow([entry(true)]);
    expect(consumptions.active()).toEqual([{ name: 'a', uid: 'uid-of-a', flows: false }]);
    expect(await driver.backlog(SUBSCRIPTION)).toMatchObject({ inFlight: 1 });
  });
});

describe('a Subscription whose dead letters cannot be stored', () => {
  it('is told once for each change, and no more once its consumption has ended', async () => {
    consumptions.follow([entry()]);
    fail('no room');
    fail('no room');
    expect([...consumptions.deadLetterFaults()]).toEqual([['a', 'no room']]);
    expect(faultsTold).toBe(1);
    await consumptions.endOne('a', AbortSignal.abort());
    expect([...consumptions.deadLetterFaults()]).toEqual([]);
    expect(faultsTold).toBe(2);
    fail('too late');
    expect([...consumptions.deadLetterFaults()]).toEqual([]);
    consumptions.follow([entry()]);
    await publish('1');
    await eventually(async () => expect(await pending()).toBe(0));
  });
});

describe('a Subscription that goes and comes back', () => {
  it('goes on with the same account; one that is forgotten ends it', async () => {
    consumptions.follow([entry()]);
    await publish('1');
    await eventually(() => expect(deliveries[0]!.ids).toEqual(['1']));
    await consumptions.endOne('a', AbortSignal.abort());
    await publish('2');
    consumptions.follow([entry()]);
    await eventually(() => expect(deliveries[0]!.ids).toEqual(['1', '2']));
    await consumptions.endOne('a', AbortSignal.abort());
    expect(deliveries[0]!.aborted).toBe(false);
    consumptions.forget('a');
    expect(deliveries[0]!.aborted).toBe(true);
    consumptions.follow([entry()]);
    expect(deliveries).toHaveLength(2);
  });

  it('with another order of delivery begins anew, and nothing that waits is lost', async () => {
    consumptions.follow([entry()]);
    deliveries[0]!.settlement = undefined;
    for (const id of ['1', '2']) await publish(id);
    await eventually(() => expect(deliveries[0]!.ids).toEqual(['1', '2']));
    const ordered = entry(false, { maxInFlight: 10, ordering: 'key' });
    consumptions.follow([ordered]);
    consumptions.follow([ordered]);
    await eventually(() => expect(deliveries[1]?.ids).toEqual(['1', '2']));
    expect(deliveries[0]!.aborted).toBe(true);
    expect(deliveries[1]!.target.delivery.ordering).toBe('key');
    await eventually(async () => expect(await pending()).toBe(0));
  });
});

describe('a consumption that the store takes away', () => {
  const takeAway = async () => {
    const timers = clock.delays.length;
    await driver.deleteSubscription(SUBSCRIPTION);
    await eventually(() => expect(clock.delays.length).toBeGreaterThan(timers));
  };

  it('begins anew at once, but no sooner than a second after it began the last time', async () => {
    consumptions.follow([entry()]);
    clock.advance(1000);
    await takeAway();
    clock.advance(0);
    expect(lossesTold).toBe(1);

    await driver.ensureSubscription(SUBSCRIPTION, 'now');
    consumptions.follow([entry()]);
    await takeAway();
    clock.advance(999);
    expect(lossesTold).toBe(1);
    clock.advance(1);
    expect(lossesTold).toBe(2);
  });
});
