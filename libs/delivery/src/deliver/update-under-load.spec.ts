import { expect, it } from 'vitest';
import { status, type Behaviour } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import { TestClock } from '../../test/test-clock.js';
import { accountOf, imbalance } from '../accounting/delivery-account.js';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

/** Takes every other request, a little later. */
function everyOther(): Behaviour {
  let count = 0;
  return (response) => {
    const code = count++ % 2 === 0 ? 202 : 503;
    setTimeout(() => response.writeHead(code).end(), count % 4);
  };
}

it.each(['none', 'key'] as const)(
  'loses and doubles nothing while everything changes under load, ordering %s',
  async (ordering) => {
    await using rig = new DeliveryRig();
    const consumers = [
      await rig.consumer(everyOther()),
      await rig.consumer(everyOther()),
      await rig.consumer(everyOther()),
    ];
    const sink = await rig.consumer(status(202));
    const targets: SubscriptionTarget[] = consumers.flatMap(({ origin }) =>
      [origin, `${origin}/path`].flatMap((subscriberUri) =>
        [undefined, sink.origin].map((deadLetterSinkUri) =>
          testTarget(
            {
              subscriberUri,
              deadLetterSinkUri,
              filters: deadLetterSinkUri ? [{ not: { suffix: { id: '7' } } }] : undefined,
            },
            { ordering, retry: 50, maxInFlight: deadLetterSinkUri ? 4 : 32, backoffDelayMs: 1 },
          ),
        ),
      ),
    );
    const delivery = rig.engine.open(targets[0]!);
    const TOTAL = 600;
    const ids = Array.from({ length: TOTAL }, (_, index) => `A${index}`);
    const waiting = [...ids];
    const settled = new Map<string, string>();
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const event = testEvent(id, ['ce-partitionkey', String(Number(id.slice(1)) % 40)]);
        settled.set(id, await delivery.handle(event, claim()));
      }
    };
    let changes = 0;
    const changing = setInterval(() => delivery.update(targets[++changes % targets.length]!), 2);
    await Promise.all(Array.from({ length: 64 }, work));
    clearInterval(changing);
    expect(changes).toBeGreaterThan(10);
    const taken = consumers.flatMap(({ requests }) => requests).length;
    const { delivered, filtered, deadLettered, attemptsByResult } = accountOf(delivery);
    expect(delivered + filtered).toBe(TOTAL);
    expect(deadLettered).toBe(0);
    expect(filtered).toBeGreaterThan(0);
    // Each was taken exactly once: what succeeded is what was delivered, and every request was one attempt.
    expect(attemptsByResult['202']).toBe(delivered);
    expect(Object.values(attemptsByResult).reduce((sum, count) => sum + count)).toBe(taken);
    expect([...settled.keys()].sort()).toEqual([...ids].sort());
    expect(imbalance(accountOf(delivery))).toBe(0);
    expect(rig.engine.usage.attemptsUnderWay).toBe(0);
  },
);

it('leaves a wait between two attempts as it is, and makes the next one with the new target', async () => {
  await using rig = new DeliveryRig({}, new TestClock());
  const [before, after] = [await rig.consumer(status(500)), await rig.consumer(status(500), status(202))];
  const delivery = rig.engine.open(testTarget({ subscriberUri: before.origin }, { backoffDelayMs: 4000 }));
  const settlement = delivery.handle(testEvent(), claim());
  await expect.poll(() => rig.clock.waits).toEqual([4000]);
  rig.clock.advance(3000);
  delivery.update(testTarget({ subscriberUri: after.origin }, { backoffDelayMs: 10 }));
  expect(rig.clock.waits).toEqual([1000]);
  rig.clock.advance(1000);
  await after.received(1);
  // It is its second attempt all the same.
  await expect.poll(() => rig.clock.waits).toEqual([20]);
  rig.clock.advance(20);
  expect(await settlement).toBe('delivered');
});

it('keeps everything as it was where the new target has an address that is none', async () => {
  await using rig = new DeliveryRig();
  const subscriber = await rig.consumer(status(202));
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }));
  expect(() => delivery.update(testTarget({ subscriberUri: 'consumer' }))).toThrow(TypeError);
  expect(delivery.target.subscriberUri).toBe(subscriber.origin);
  expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
});
