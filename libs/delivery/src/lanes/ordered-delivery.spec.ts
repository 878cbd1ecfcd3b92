import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hang, status, type Behaviour } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import { TestClock } from '../../test/test-clock.js';
import { imbalance } from '../accounting/delivery-account.js';

let rig: DeliveryRig;
beforeEach(() => {
  rig = new DeliveryRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const keyed = (id: string, key: string) => testEvent(id, ['ce-partitionkey', key]);
const ORDERED = { ordering: 'key' } as const;

/** Answers in a turn of its own, so that requests overlap, as told for each event; keeps what it saw. */
class Recording {
  readonly ids: string[] = [];
  mostAtOnce = 0;
  readonly overlappingKeys: string[] = [];
  private readonly underWay: string[] = [];

  constructor(private readonly answerTo: (id: string, count: number) => Behaviour) {}

  readonly behaviour: Behaviour = (response, request) => {
    const id = String(request.headers['ce-id']);
    const key = request.headers['ce-partitionkey'] as string | undefined;
    const count = this.ids.push(id);
    if (key !== undefined && this.underWay.includes(key)) this.overlappingKeys.push(key);
    this.underWay.push(key ?? '');
    this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay.length);
    setTimeout(() => {
      this.underWay.splice(this.underWay.indexOf(key ?? ''), 1);
      this.answerTo(id, count)(response, request);
    }, count % 3);
  };
}

describe('events of one key', () => {
  it('are delivered one after the other, and those of other keys and of none beside them', async () => {
    const subscriber = await rig.consumer(hang);
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, ORDERED));
    const events = [
      keyed('a1', 'a'),
      keyed('a2', 'a'),
      keyed('b1', 'b'),
      keyed('a3', 'a'),
      testEvent('n1'),
      testEvent('n2'),
    ];
    const settlements = events.map((event) => delivery.handle(event, claim()));
    await subscriber.received(4);
    // Whatever was on its way beside them arrives no later than one that is sent now.
    settlements.push(delivery.handle(testEvent('n3'), claim()));
    await subscriber.received(5);
    const ids = () => subscriber.requests.map(({ headers }) => String(headers['ce-id']));
    expect(ids().sort()).toEqual(['a1', 'b1', 'n1', 'n2', 'n3']);
    subscriber.behaviours = [status(202)];
    rig.clock.advance(30_000);
    expect(new Set(await Promise.all(settlements))).toEqual(new Set(['delivered']));
    expect(ids().filter((id) => id.startsWith('a'))).toEqual(['a1', 'a1', 'a2', 'a3']);
  });

  it('wait for one that is retried, and follow when it is a dead letter', async () => {
    const subscriber = await rig.consumer((response, { headers }) =>
      response.writeHead(headers['ce-id'] === 'a1' ? 409 : 202).end(),
    );
    const sink = await rig.consumer(status(202));
    const target = testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, ORDERED);
    const delivery = rig.engine.open(target);
    const settlements = ['a1', 'a2'].map((id) => delivery.handle(keyed(id, 'a'), claim()));
    expect(await Promise.all(settlements)).toEqual(['dead-lettered', 'delivered']);
    expect(subscriber.requests.map(({ headers }) => headers['ce-id'])).toEqual(['a1', 'a1', 'a1', 'a1', 'a2']);
  });

  it('that cannot be delivered hold up no other key, however few may be attempted at one time', async () => {
    rig = new DeliveryRig({}, new TestClock());
    const subscriber = await rig.consumer((response, { headers }) =>
      response.writeHead(headers['ce-partitionkey'] === 'good' ? 202 : 500).end(),
    );
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, { ...ORDERED, maxInFlight: 1 }));
    const stuck = ['p', 'q', 'r'].flatMap((key) =>
      ['1', '2'].map((n) => delivery.handle(keyed(key + n, key), claim())),
    );
    for (const id of ['g1', 'g2', 'g3']) expect(await delivery.handle(keyed(id, 'good'), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ delivered: 3, inFlight: 6 });
    delivery.abort();
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['release']));
  });
});

it.each([
  ['the delivery ends', true],
  ['its claim is lost', false],
])('lets no event of a lane go when %s', async (_, ends) => {
  const subscriber = await rig.consumer(hang);
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, ORDERED));
  const lost = new AbortController();
  // The last one would be given up as soon as it is let go.
  const inCircle = testEvent('3', ['ce-partitionkey', 'a', 'knative-hop-count', '64']);
  const events = [keyed('1', 'a'), keyed('2', 'a'), inCircle];
  const settlements = events.map((event) => delivery.handle(event, claim(lost.signal)));
  await subscriber.received(1);
  if (ends) delivery.abort();
  else lost.abort();
  expect(await Promise.all(settlements)).toEqual(['release', 'release', 'release']);
  expect(delivery.counters.attempts).toBe(1);
});

it('asks the store for more events than are attempted, so that a key has room to wait', () => {
  const ordered = rig.engine.open(testTarget({}, { ...ORDERED, maxInFlight: 10 }));
  const unordered = rig.engine.open(testTarget({}, { maxInFlight: 10 }));
  expect(unordered.claimWindow).toBe(10);
  expect(ordered.claimWindow).toBe(1034);
  ordered.update(testTarget({}, { ...ORDERED, maxInFlight: 20 }));
  expect(ordered.claimWindow).toBe(1044);
});

it('attempts more as soon as it may', async () => {
  const subscriber = await rig.consumer(hang);
  const { origin: subscriberUri } = subscriber;
  const delivery = rig.engine.open(testTarget({ subscriberUri }, { ...ORDERED, maxInFlight: 1 }));
  for (const key of ['a', 'b', 'c']) void delivery.handle(keyed(key, key), claim());
  await subscriber.received(1);
  delivery.update(testTarget({ subscriberUri }, { ...ORDERED, maxInFlight: 3 }));
  await subscriber.received(3);
});

it('needs no stack for a lane of events that are done with at once', async () => {
  const subscriber = await rig.consumer(hang);
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, ORDERED));
  const first = delivery.handle(keyed('first', 'a'), claim());
  await subscriber.received(1);
  const loops = Array.from({ length: 5000 }, (_, index) =>
    delivery.handle(testEvent(`L${index}`, ['ce-partitionkey', 'a', 'knative-hop-count', '64']), claim()),
  );
  subscriber.behaviours = [status(202)];
  rig.clock.advance(30_000);
  expect(await first).toBe('delivered');
  expect(new Set(await Promise.all(loops))).toEqual(new Set(['dropped']));
});

it('keeps the order of each key and its limit, and loses nothing, whatever consumers and claims do', async () => {
  const fate = fc.constantFrom('taken', 'taken', 'retried', 'refused', 'exhausted');
  const scenario = fc.record({
    events: fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', undefined), fate, losable: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    }),
    maxInFlight: fc.integer({ min: 1, max: 4 }),
    attemptsUnderWay: fc.integer({ min: 1, max: 4 }),
    loseAfterMs: fc.option(fc.nat(10), { nil: undefined }),
    abortAfterMs: fc.option(fc.nat(20), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ events, maxInFlight, attemptsUnderWay, loseAfterMs, abortAfterMs }) => {
      await using local = new DeliveryRig({ limits: { attemptsUnderWay } });
      const retried = new Set<string>();
      const recording = new Recording((id) => {
        const fate = events[Number(id)]!.fate;
        if (fate === 'refused') return status(400);
        if (fate === 'exhausted') return status(500);
        if (fate === 'taken' || retried.has(id)) return status(202);
        retried.add(id);
        return status(500);
      });
      const subscriber = await local.consumer(recording.behaviour);
      const target = testTarget({ subscriberUri: subscriber.origin }, { ...ORDERED, maxInFlight, retry: 2 });
      const delivery = local.engine.open(target);
      const lost = new AbortController();
      const timers = [setInterval(() => expect(imbalance(delivery.counters)).toBe(0), 1)];
      if (loseAfterMs !== undefined) timers.push(setTimeout(() => lost.abort(), loseAfterMs));
      if (abortAfterMs !== undefined) timers.push(setTimeout(() => delivery.abort(), abortAfterMs));
      const settlements = await Promise.all(
        events.map(({ key, losable }, id) => {
          const event = key === undefined ? testEvent(String(id)) : keyed(String(id), key);
          return delivery.handle(event, losable ? claim(lost.signal) : claim());
        }),
      );
      timers.forEach(clearTimeout);
      const undisturbed = loseAfterMs === undefined && abortAfterMs === undefined;
      settlements.forEach((settlement, id) => {
        const { fate } = events[id]!;
        const expected = fate === 'taken' || fate === 'retried' ? 'delivered' : 'dropped';
        expect(undisturbed ? [expected] : [expected, 'release']).toContain(settlement);
      });
      // A request that was called off may still be worked on when the next of its key is sent; without that, never.
      if (undisturbed) expect(recording.overlappingKeys).toEqual([]);
      if (undisturbed) expect(recording.mostAtOnce).toBeLessThanOrEqual(Math.min(maxInFlight, attemptsUnderWay));
      for (const key of ['a', 'b', 'c']) {
        const ofKey = recording.ids.map(Number).filter((id) => events[id]!.key === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
      expect(delivery.counters.inFlight).toBe(0);
      expect(imbalance(delivery.counters)).toBe(0);
      expect(local.engine.usage.attemptsUnderWay).toBe(0);
    }),
    { numRuns: 60 },
  );
});
