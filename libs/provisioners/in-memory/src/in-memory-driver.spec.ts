import {
  silentLogger,
  type ChannelDriver,
  type Consumption,
  type EventHandler,
  type Settlement,
  type SubscriptionAccount,
} from '@millrace/eventing-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingHandler } from '@millrace/conformance';
import { eventually, ManualClock } from '@millrace/testing';
import { openInMemory, testEvent, type InMemoryHarness } from '../test/in-memory-harness.js';
import { ByteBudget } from './byte-budget.js';
import { InMemoryDriver } from './in-memory-driver.js';
import { inMemoryOptions } from './in-memory-options.js';

const many = { maxInFlight: 100 };

async function openWith(parameters: Record<string, unknown>, ...names: string[]): Promise<InMemoryHarness> {
  const harness = await openInMemory(parameters);
  await harness.driver.ensureChannel(harness.channel);
  for (const name of names) await harness.driver.ensureSubscription(harness.subscription(name), 'now');
  return harness;
}

function expectBalance(account: SubscriptionAccount, accepted: number): void {
  const dropped = [...account.droppedByReason.values()].reduce((sum, count) => sum + count, 0);
  const { delivered, filtered, deadLettered, pending } = account;
  expect(account.accepted).toBe(accepted);
  expect(delivered + filtered + deadLettered + dropped + pending).toBe(accepted);
  expect(pending).toBeLessThanOrEqual(7);
}

describe('a Subscription that is gone', () => {
  const lost = ({ driver }: InMemoryHarness) =>
    [...driver.accounts!()].map(({ subscription, accepted, pending, droppedByReason }) => ({
      ...{ name: subscription.name, accepted, pending },
      ...Object.fromEntries(droppedByReason),
    }));

  it('shows for a while what it took along, with its Channel or alone; one that lost nothing shows nothing', async () => {
    const harness = await openWith({}, 'a', 'b', 'c');
    const { driver, channel, subscription } = harness;
    driver.consume(subscription('c'), () => Promise.resolve('delivered'), many);
    await driver.publish(channel, testEvent('1'), undefined);
    await eventually(() => expect(harness.account('c')).toMatchObject({ delivered: 1 }));
    await driver.deleteSubscription(subscription('a'));
    await driver.deleteChannel(channel);
    expect(lost(harness)).toEqual([
      { name: 'a', accepted: 1, pending: 0, 'subscription-deleted': 1 },
      { name: 'b', accepted: 1, pending: 0, 'channel-deleted': 1 },
    ]);
    harness.clock.advance(15 * 60_000);
    expect(lost(harness)).toEqual([]);
  });
});

it('a Subscription that is gone shows nothing of what it had settled before', async () => {
  const harness = await openWith({}, 'a');
  const { driver, channel, subscription } = harness;
  const consumption = driver.consume(subscription('a'), () => Promise.resolve('delivered'), many);
  await driver.publish(channel, testEvent('1'), undefined);
  await eventually(() => expect(harness.account('a')).toMatchObject({ delivered: 1 }));
  await consumption.stop(AbortSignal.abort());
  await driver.publish(channel, testEvent('2'), undefined);
  await driver.deleteSubscription(subscription('a'));
  expect(harness.account('a')).toMatchObject({ accepted: 1, delivered: 0, pending: 0 });
});

describe('a full Subscription', () => {
  it('makes the Channel refuse, and nothing is enqueued for anyone', async () => {
    const { driver, channel, account } = await openWith({ maxQueuedEvents: 2 }, 'slow', 'fast');
    for (const id of ['1', '2']) await driver.publish(channel, testEvent(id), undefined);
    const refused = await driver.publish(channel, testEvent('3'), undefined);
    expect(refused).toMatchObject({ outcome: 'refused', code: 'full', message: expect.stringContaining('slow') });
    expect(account('slow')).toMatchObject({ accepted: 2, pending: 2 });
    expect(account('fast')).toMatchObject({ accepted: 2, pending: 2 });
  });

  it('counts what is in delivery too, and has room again as soon as one is settled', async () => {
    const { driver, channel, subscription } = await openWith({ maxQueuedEvents: 1 }, 'a');
    const handler = new RecordingHandler();
    driver.consume(subscription('a'), handler.handle, many);
    await driver.publish(channel, testEvent('1'), undefined);
    expect(await driver.publish(channel, testEvent('2'), undefined)).toMatchObject({ code: 'full' });
    handler.settleNext('delivered');
    await eventually(async () =>
      expect(await driver.publish(channel, testEvent('2'), undefined)).toEqual({ outcome: 'stored' }),
    );
  });

  it('delays nobody until it is full', async () => {
    const { driver, channel, subscription } = await openWith({}, 'dead', 'alive');
    driver.consume(subscription('dead'), () => new Promise(() => {}), many);
    const alive = new RecordingHandler('delivered');
    driver.consume(subscription('alive'), alive.handle, many);
    for (let id = 0; id < 500; id++) await driver.publish(channel, testEvent(String(id)), undefined);
    await eventually(() => expect(alive.ids).toHaveLength(500));
  });

  it('asks the producer to wait 30 s while nothing drains, and less the faster it drains', async () => {
    const { driver, channel, subscription, clock } = await openWith({ maxQueuedEvents: 100 }, 'a');
    const fill = async () => {
      for (let id = 0; ; id++) {
        const result = await driver.publish(channel, testEvent(String(id)), undefined);
        if (result.outcome === 'refused') return result;
      }
    };
    expect(await fill()).toMatchObject({ retryAfterMs: 30_000 });
    const handler = new RecordingHandler();
    driver.consume(subscription('a'), handler.handle, many);
    // Four events in two seconds: the ten for which a place is worth coming back take five.
    for (let settled = 0; settled < 4; settled++) {
      clock.advance(500);
      handler.settleNext('delivered');
      await new Promise((resolve) => setImmediate(resolve));
    }
    const slow = await fill();
    expect(slow.retryAfterMs).toBeGreaterThanOrEqual(4000);
    expect(slow.retryAfterMs).toBeLessThanOrEqual(6000);
    handler.settleAll('delivered');
    await new Promise((resolve) => setImmediate(resolve));
    expect(slow.retryAfterMs).toBeGreaterThan(1000);
  });

  it('counts bytes of an event of two Subscriptions once, and frees them when both have settled', async () => {
    const body = 'x'.repeat(2000);
    const { driver, channel, subscription } = await openWith({ maxQueuedBytes: 6000 }, 'a', 'b');
    const results = [];
    for (const id of ['1', '2', '3']) results.push(await driver.publish(channel, testEvent(id, body), undefined));
    expect(results.map((result) => result.outcome)).toEqual(['stored', 'stored', 'refused']);
    const [a, b] = [new RecordingHandler('delivered'), new RecordingHandler()];
    driver.consume(subscription('a'), a.handle, many);
    driver.consume(subscription('b'), b.handle, many);
    await eventually(() => expect(a.ids).toEqual(['1', '2']));
    expect(await driver.publish(channel, testEvent('4', body), undefined)).toMatchObject({ code: 'full' });
    b.settleNext('delivered');
    await eventually(async () =>
      expect(await driver.publish(channel, testEvent('5', body), undefined)).toEqual({ outcome: 'stored' }),
    );
  });

  it('refuses for good what could never fit', async () => {
    const { driver, channel } = await openWith({ maxQueuedBytes: 2000 }, 'a');
    const result = await driver.publish(channel, testEvent('1', 'x'.repeat(3000)), undefined);
    expect(result).toMatchObject({ code: 'too-large' });
  });
});

describe('a Channel without Subscription', () => {
  it('takes events and keeps none', async () => {
    const { driver, channel, subscription } = await openWith({ maxQueuedEvents: 1 });
    for (const id of ['1', '2', '3']) {
      expect(await driver.publish(channel, testEvent(id), undefined)).toEqual({ outcome: 'stored' });
    }
    await driver.ensureSubscription(subscription('late'), 'now');
    expect(await driver.backlog(subscription('late'))).toMatchObject({ pending: 0 });
  });
});

describe('acknowledge: delivered', () => {
  const parameters = { acknowledge: 'delivered' };

  it('is refused at once, and reaches nobody, while a Subscription is paused', async () => {
    const { driver, channel, subscription } = await openWith(parameters, 'a', 'b');
    const handler = new RecordingHandler('delivered');
    driver.consume(subscription('a'), handler.handle, many);
    const paused = driver.consume(subscription('b'), () => Promise.resolve('delivered'), many);
    paused.pause();
    expect(await driver.publish(channel, testEvent('1'), undefined)).toMatchObject({
      ...{ outcome: 'refused', code: 'unavailable' },
      message: expect.stringContaining('Subscription b is paused'),
    });
    paused.resume();
    expect(await driver.publish(channel, testEvent('2'), undefined)).toEqual({ outcome: 'stored' });
    expect(handler.ids).toEqual(['2']);
  });

  it('answers only when every Subscription has the event', async () => {
    const { driver, channel, subscription } = await openWith(parameters, 'a', 'b');
    const [a, b] = [new RecordingHandler(), new RecordingHandler()];
    driver.consume(subscription('a'), a.handle, many);
    driver.consume(subscription('b'), b.handle, many);
    let answer: unknown;
    const publishing = driver.publish(channel, testEvent('1'), undefined).then((result) => (answer = result));
    a.settleNext('delivered');
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBeUndefined();
    b.settleNext('filtered');
    expect(await publishing).toEqual({ outcome: 'stored' });
  });

  it('names the Subscriptions that did not get it, after all have answered', async () => {
    const { driver, channel, subscription } = await openWith(parameters, 'c', 'b', 'a');
    const settlements: Record<string, Settlement> = { a: 'delivered', b: 'dropped', c: 'dead-lettered' };
    for (const [name, settlement] of Object.entries(settlements)) {
      driver.consume(subscription(name), () => Promise.resolve(settlement), many);
    }
    expect(await driver.publish(channel, testEvent('1'), undefined)).toEqual({
      outcome: 'refused',
      code: 'not-delivered',
      message: 'The event was not delivered to Subscriptions b, c',
    });
  });

  it('answers timeout when the time is up, and goes on delivering', async () => {
    const { driver, channel, subscription, account } = await openWith(parameters, 'a', 'b');
    driver.consume(subscription('a'), () => Promise.resolve('dropped'), many);
    const late = new RecordingHandler();
    driver.consume(subscription('b'), late.handle, many);
    const deadline = new AbortController();
    const publishing = driver.publish(channel, testEvent('1'), deadline.signal);
    await eventually(() => expect(account('a').droppedByReason.get('handler')).toBe(1));
    deadline.abort();
    expect(await publishing).toEqual({
      outcome: 'refused',
      code: 'timeout',
      message: 'No answer in time from Subscription b; it was not delivered to Subscription a',
    });
    late.settleNext('delivered');
    await eventually(() => expect(account('b')).toMatchObject({ delivered: 1, pending: 0 }));
  });

  it('says in its capabilities that a publish waits', async () => {
    const { inMemoryDriverProvider } = await import('./in-memory-provider.js');
    expect(inMemoryDriverProvider.capabilitiesFor?.(parameters).acknowledgesDelivery).toBe(true);
    expect(inMemoryDriverProvider.capabilitiesFor?.({}).acknowledgesDelivery).toBe(false);
  });
});

describe('a detached Subscription', () => {
  const ids = async ({ driver, subscription }: InMemoryHarness, name: string): Promise<string[]> => {
    const handler = new RecordingHandler('delivered');
    const consumption = driver.consume(subscription(name), handler.handle, many);
    await eventually(async () => expect(await driver.backlog(subscription(name))).toMatchObject({ pending: 0 }));
    await consumption.stop(AbortSignal.abort());
    return handler.ids;
  };
  const publish = ({ driver, channel }: InMemoryHarness, id: string, body?: string) =>
    driver.publish(channel, testEvent(id, body), undefined);

  it('goes on where it stood, with what was stored meanwhile, under the UID that it has now', async () => {
    const harness = await openWith({}, 'a');
    await publish(harness, '1');
    await harness.driver.detachSubscription!(harness.subscription('a'));
    await harness.driver.detachSubscription!(harness.subscription('unknown'));
    await publish(harness, '2');
    await harness.driver.ensureSubscription({ ...harness.subscription('a'), uid: 'anew' }, 'now');
    expect(await ids(harness, 'a')).toEqual(['1', '2']);
    expect(harness.account('a')).toMatchObject({ accepted: 2, delivered: 2, subscription: { uid: 'anew' } });
  });

  it('that is full makes nobody wait: it gives up its oldest events', async () => {
    const harness = await openWith({ maxQueuedEvents: 2 }, 'gone', 'live');
    for (const id of ['1', '2']) await publish(harness, id);
    await harness.driver.detachSubscription!(harness.subscription('gone'));
    expect(await ids(harness, 'live')).toEqual(['1', '2']);
    expect(await publish(harness, '3')).toEqual({ outcome: 'stored' });
    expect(harness.account('gone')).toMatchObject({ accepted: 3, pending: 2 });
    expect(harness.account('gone').droppedByReason).toEqual(new Map([['subscription-deleted', 1]]));
    await harness.driver.ensureSubscription(harness.subscription('gone'), 'now');
    expect(await publish(harness, '4')).toMatchObject({ code: 'full', message: expect.stringContaining('gone') });
    expect(await ids(harness, 'gone')).toEqual(['2', '3']);
  });

  it('gives up what it holds before an event is refused for want of memory, and no more than that', async () => {
    const body = 'x'.repeat(2000);
    const harness = await openWith({ maxQueuedBytes: 8000 }, 'gone');
    for (const id of ['1', '2', '3']) await publish(harness, id, body);
    expect(await publish(harness, '4', body)).toMatchObject({ code: 'full' });
    await harness.driver.detachSubscription!(harness.subscription('gone'));
    expect(await publish(harness, '4', body)).toEqual({ outcome: 'stored' });
    await harness.driver.ensureSubscription(harness.subscription('gone'), 'now');
    expect(await ids(harness, 'gone')).toEqual(['2', '3', '4']);
  });

  it('does so for the other Channels of the process', async () => {
    const context = { logger: silentLogger, clock: new ManualClock() };
    const memory = { events: new ByteBudget(4000), 'dead-letters': new ByteBudget(4000) };
    const driver: ChannelDriver = new InMemoryDriver(inMemoryOptions({}), memory, context);
    const { channel, subscription } = await openInMemory();
    const other = { ...channel, name: 'other', uid: 'uid-2' };
    for (const each of [channel, other]) {
      await driver.ensureChannel(each);
      await driver.ensureSubscription({ ...subscription('a'), channel: each }, 'now');
    }
    const event = testEvent('1', 'x'.repeat(2000));
    await driver.publish(channel, event, undefined);
    expect(await driver.publish(other, event, undefined)).toMatchObject({ code: 'full' });
    await driver.detachSubscription!(subscription('a'));
    expect(await driver.publish(other, event, undefined)).toEqual({ outcome: 'stored' });
    expect(await driver.backlog(subscription('a'))).toMatchObject({ pending: 0 });
    // What is gone for good yields nothing any more.
    await driver.deleteSubscription(subscription('a'));
    expect(await driver.publish(other, event, undefined)).toMatchObject({ code: 'full' });
  });

  it('leaves nobody waiting where producers wait for every Subscription', async () => {
    const harness = await openWith({ acknowledge: 'delivered' }, 'gone', 'live');
    const { driver, subscription } = harness;
    driver.consume(subscription('live'), () => Promise.resolve('delivered'), many);
    const publishing = publish(harness, '1');
    await driver.detachSubscription!(subscription('gone'));
    expect(await publishing).toMatchObject({ code: 'not-delivered', message: expect.stringContaining('gone') });
    expect(await publish(harness, '2')).toEqual({ outcome: 'stored' });
  });
});

describe('events of one key', () => {
  it('keep their order through the end of a consumption, whatever order they were released in', async () => {
    const { driver, channel, subscription } = await openWith({}, 'a');
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    for (const id of ids) await driver.publish(channel, testEvent(id), undefined);
    const releases: (() => void)[] = [];
    const handle: EventHandler = (_event, { signal }) =>
      new Promise((resolve) => {
        // Every third one only when its claim ends, the others from the last to the first.
        if (releases.unshift(() => resolve('release')) % 3 === 0) {
          releases.shift();
          signal.addEventListener('abort', () => resolve('release'));
        }
      });
    const consumption = driver.consume(subscription('a'), handle, many);
    for (const release of releases) release();
    await consumption.stop(AbortSignal.abort());
    const next = new RecordingHandler('delivered');
    driver.consume(subscription('a'), next.handle, many);
    await eventually(() => expect(next.ids).toEqual(ids));
  });
});

describe('a dead-letter place', () => {
  const letters = async (parameters: Record<string, unknown>) => {
    const { driver, channel } = await openInMemory(parameters);
    const place = { ...channel, purpose: 'dead-letters' as const };
    const reader = { channel: place, name: 'dead-letters', uid: 'r' };
    await driver.ensureChannel(place);
    await driver.ensureSubscription(reader, 'now');
    return { driver, channel, place, reader };
  };

  it('keeps letters before anybody reads them, also while acknowledge is delivered, within its bound', async () => {
    const { driver, place, reader } = await letters({ acknowledge: 'delivered', maxDeadLetters: 2 });
    const results = [];
    for (const id of ['1', '2', '3']) results.push(await driver.publish(place, testEvent(id), undefined));
    expect(results).toMatchObject([
      { outcome: 'stored' },
      { outcome: 'stored' },
      { code: 'full', message: '2 dead letters wait (maxDeadLetters)' },
    ]);
    const handler = new RecordingHandler('delivered');
    driver.consume(reader, handler.handle, many);
    await eventually(() => expect(handler.ids).toEqual(['1', '2']));
  });

  it('has no part in the room for events', async () => {
    const { driver, channel, place } = await letters({ maxQueuedEvents: 1, maxQueuedBytes: 3000 });
    await driver.ensureChannel(channel);
    await driver.ensureSubscription({ channel, name: 'a', uid: 'a' }, 'now');
    const event = testEvent('1', 'x'.repeat(2000));
    expect(await driver.publish(place, event, undefined)).toEqual({ outcome: 'stored' });
    expect(await driver.publish(channel, event, undefined)).toEqual({ outcome: 'stored' });
  });
});

describe('the accounts', () => {
  it('count what a deletion and a shut-down took away, by reason', async () => {
    const { driver, channel, account } = await openWith({}, 'a');
    await driver.publish(channel, testEvent('1'), undefined);
    const a = account('a');
    await driver.close();
    expect(a.droppedByReason).toEqual(new Map([['shut-down', 1]]));
    expect(a.pending).toBe(0);
    const other = await openWith({}, 'b');
    await other.driver.publish(channel, testEvent('1'), undefined);
    const b = other.account('b');
    await other.driver.deleteChannel(channel);
    expect(b.droppedByReason).toEqual(new Map([['channel-deleted', 1]]));
  });

  it('balance at every moment, whatever subscribers and operators do', async () => {
    const settlement = fc.constantFrom<Settlement>('delivered', 'filtered', 'dead-lettered', 'dropped', 'release');
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant({ do: 'publish' as const }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('settle' as const), of: fc.nat(1), settlement }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom('pause', 'resume', 'restart', 'kill', 'detach', 'attach'),
          of: fc.nat(1),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, maxInFlight) => {
          const names = ['a', 'b'];
          const { driver, channel, subscription, account } = await openWith({ maxQueuedEvents: 7 }, ...names);
          const accounts = names.map((name) => account(name));
          const handlers: RecordingHandler[] = [];
          const consumptions: Consumption[] = [];
          const begin = (of: number) => {
            handlers[of] = new RecordingHandler();
            consumptions[of] = driver.consume(subscription(names[of]!), handlers[of].handle, { maxInFlight });
          };
          begin(0);
          begin(1);
          let accepted = 0;
          for (const action of steps) {
            if (action.do === 'publish') {
              const result = await driver.publish(channel, testEvent('x'), undefined);
              if (result.outcome === 'stored') accepted++;
            } else if (action.do === 'settle') handlers[action.of]!.settleNext(action.settlement);
            else if (action.do === 'pause') consumptions[action.of]!.pause();
            else if (action.do === 'resume') consumptions[action.of]!.resume();
            else if (action.do === 'detach') await driver.detachSubscription!(subscription(names[action.of]!));
            else if (action.do === 'attach') await driver.ensureSubscription(subscription(names[action.of]!), 'now');
            else {
              if (action.do === 'restart') handlers[action.of]!.settleAll('delivered');
              await consumptions[action.of]!.stop(AbortSignal.abort());
              begin(action.of);
            }
            await Promise.resolve();
            for (const account of accounts) expectBalance(account, accepted);
          }
          for (const of of [0, 1]) {
            await consumptions[of]!.stop(AbortSignal.abort());
            begin(of);
            handlers[of]!.settleAll('delivered');
          }
          await eventually(() => expect(accounts.map((account) => account.pending)).toEqual([0, 0]));
          for (const account of accounts) expectBalance(account, accepted);
        },
      ),
      { numRuns: 60 },
    );
  });
});
