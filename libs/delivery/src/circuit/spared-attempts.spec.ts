import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hang, reset, status, type Behaviour } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import { TestClock } from '../../test/test-clock.js';
import type { AttemptRecord } from '../deliver/attempt-listener.types.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';

let stack: AsyncDisposableStack;
let rig: DeliveryRig;
let records: AttemptRecord[];

beforeEach(() => {
  stack = new AsyncDisposableStack();
  records = [];
  rig = newRig(new TestClock(900));
});
afterEach(() => stack.disposeAsync());

/** @param clock by default waits below a cool-down pass at once */
function newRig(clock: TestClock): DeliveryRig {
  return stack.use(new DeliveryRig({ onAttempt: (record) => void records.push(record) }, clock));
}

/** Ten waits that pass at once, and so end before any cool-down. */
const QUICK = { retry: 12, backoffDelayMs: 1, backoffPolicy: 'linear', backoffMaxMs: 5 } as const;

async function openCircuit(behaviour: Behaviour) {
  const subscriber = await rig.consumer(behaviour);
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, QUICK));
  await delivery.handle(testEvent('first'), claim());
  subscriber.requests.length = 0;
  return { subscriber, delivery };
}

function deliverAll(delivery: SubscriptionDelivery, ids: readonly string[]) {
  return Promise.all(ids.map((id) => delivery.handle(testEvent(id), claim())));
}

describe('a subscriber that is dead', () => {
  it.each([
    ['resets', reset],
    ['answers 503', status(503)],
    ['answers 429', status(429)],
    ['is not there yet', status(404)],
  ])('because it %s is spared all attempts at an event but the first and the last', async (_, behaviour) => {
    const { subscriber, delivery } = await openCircuit(behaviour);
    expect(delivery.circuitState('subscriber')).toBe('open');
    expect(delivery.counters).toMatchObject({ attempts: 11, sparedAttempts: 2 });
    expect(await deliverAll(delivery, ['A1', 'A2', 'A3'])).toEqual(['dropped', 'dropped', 'dropped']);
    expect(subscriber.requests.map(({ headers }) => headers['ce-id']).sort()).toEqual(
      ['A1', 'A1', 'A2', 'A2', 'A3', 'A3'].sort(),
    );
    expect(delivery.counters).toMatchObject({ attempts: 17, sparedAttempts: 35 });
    const ofA1 = records.filter(({ eventId }) => eventId === 'A1');
    expect(ofA1.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(ofA1.slice(1, -1).every(({ reason, code }) => reason === 'circuit-open' && code === undefined)).toBe(true);
  });

  it('gets its events again as soon as one first attempt succeeds', async () => {
    const { subscriber, delivery } = await openCircuit(status(500));
    subscriber.behaviours = [status(202)];
    expect(await deliverAll(delivery, ['A1'])).toEqual(['delivered']);
    expect(delivery.circuitState('subscriber')).toBe('closed');
    subscriber.behaviours = [status(500), status(202)];
    expect(await deliverAll(delivery, ['A2'])).toEqual(['delivered']);
    expect(delivery.counters.sparedAttempts).toBe(2);
  });

  it('is tried by one event at a time, after a while, and then by all again', async () => {
    rig = newRig(new TestClock());
    const subscriber = await rig.consumer(status(500));
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin }, { retry: 100, backoffPolicy: 'linear', backoffMaxMs: 200 }),
    );
    const settlements = deliverAll(
      delivery,
      Array.from({ length: 12 }, (_, index) => `A${index}`),
    );
    await rig.clock.advanceUntil(() => subscriber.requests.length >= 12 && rig.clock.waits.length === 12, 1);
    expect(delivery.circuitState('subscriber')).toBe('open');
    subscriber.requests.length = 0;
    subscriber.behaviours = [hang];
    await rig.clock.advanceUntil(() => subscriber.requests.length === 1, 100);
    expect(delivery.circuitState('subscriber')).toBe('half-open');
    await rig.clock.advanceUntil(() => delivery.counters.sparedAttempts > 500, 200);
    expect(subscriber.requests).toHaveLength(1);
    subscriber.behaviours = [status(202)];
    await rig.clock.advanceUntil(() => delivery.counters.delivered === 12, 200);
    expect(new Set(await settlements)).toEqual(new Set(['delivered']));
  });

  it('is not taken for dead where one event alone is the trouble', async () => {
    const subscriber = await rig.consumer((response, { headers }) =>
      response.writeHead(headers['ce-id'] === 'poison' ? 500 : 202).end(),
    );
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, QUICK));
    const poison = delivery.handle(testEvent('poison'), claim());
    let count = 0;
    while (delivery.counters.inFlight > 0) await deliverAll(delivery, [`A${count++}`]);
    expect(await poison).toBe('dropped');
    expect(delivery.counters.sparedAttempts).toBe(0);
  });

  it.each([409, 400])('is not taken for dead because it answers %i', async (code) => {
    const { delivery } = await openCircuit(status(code));
    expect(delivery.circuitState('subscriber')).toBe('closed');
    expect(delivery.counters.sparedAttempts).toBe(0);
  });

  it('is judged anew where it is another, and not where something else changes', async () => {
    const { subscriber, delivery } = await openCircuit(status(500));
    const { origin } = subscriber;
    delivery.update(testTarget({ subscriberUri: origin }, { ...QUICK, timeoutMs: 1000 }));
    expect(delivery.circuitState('subscriber')).toBe('open');
    delivery.update(testTarget({ subscriberUri: `${origin}/other` }, QUICK));
    expect(delivery.circuitState('subscriber')).toBe('closed');
  });

  it('says nothing about the same consumer under another Subscription', async () => {
    const { subscriber, delivery } = await openCircuit(status(500));
    const other = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, QUICK));
    expect(delivery.circuitState('subscriber')).toBe('open');
    expect(other.circuitState('subscriber')).toBe('closed');
  });

  it('drains in the time that the waits take, though nothing answers', async () => {
    rig = newRig(new TestClock());
    const subscriber = await rig.consumer(hang);
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin }, { retry: 10, timeoutMs: 30_000, backoffMaxMs: 1000 }),
    );
    const startedAtMs = rig.clock.now();
    const settlements = deliverAll(
      delivery,
      Array.from({ length: 20 }, (_, index) => `A${index}`),
    );
    await rig.clock.advanceUntil(() => rig.clock.now() - startedAtMs >= 90_000, 200);
    // A first and a last attempt, and the waits between; only those that tried the subscriber for the others take longer.
    expect(delivery.counters.dropped).toBeGreaterThanOrEqual(18);
    await rig.clock.advanceUntil(() => delivery.counters.dropped === 20, 200);
    await settlements;
  });
});

it('spares a dead letter sink that is dead as well, and no other because of it', async () => {
  const subscriber = await rig.consumer(status(400));
  const sink = await rig.consumer(status(500));
  const target = testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, QUICK);
  const delivery = rig.engine.open(target);
  await deliverAll(delivery, ['A1']);
  expect(delivery.circuitState('dead-letter')).toBe('open');
  expect(delivery.circuitState('subscriber')).toBe('closed');
  sink.requests.length = 0;
  await deliverAll(delivery, ['A2']);
  expect(sink.requests).toHaveLength(2);
  expect(delivery.counters.sparedSinkAttempts).toBe(2 + 11);
});
