import { describe, expect, it } from 'vitest';
import { answer, hang, status, type Behaviour } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';

const REPLY = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/reply', 'ce-type': 'answer' };

function handAll(delivery: SubscriptionDelivery, count: number) {
  return Array.from({ length: count }, (_, index) => delivery.handle(testEvent(`A${index}`), claim()));
}

describe('the attempts of a process', () => {
  it('are shared: thousands that wait for one Subscription keep no event of another waiting', async () => {
    await using rig = new DeliveryRig({ limits: { attemptsUnderWay: 8 } });
    const order: string[] = [];
    const consumer = await rig.consumer((response, { path }) => {
      order.push(path);
      setTimeout(() => response.writeHead(202).end(), 1);
    });
    const crowd = rig.engine.open(testTarget({ subscriberUri: `${consumer.origin}/crowd` }));
    const few = rig.engine.open(testTarget({ subscriberUri: `${consumer.origin}/few` }));
    const crowded = handAll(crowd, 3000);
    expect(rig.engine.usage.attemptsUnderWay).toBe(8);
    await Promise.all(handAll(few, 50));
    // About half of what was sent meanwhile was theirs.
    expect(order.filter((path) => path === '/crowd').length).toBeLessThan(150);
    expect(crowd.counters.inFlight).toBeGreaterThan(2500);
    await Promise.all(crowded);
    expect(rig.engine.usage.attemptsUnderWay).toBe(0);
  });

  it('are never all held by consumers that hang: each Subscription may make one', async () => {
    await using rig = new DeliveryRig({ limits: { attemptsUnderWay: 4 } });
    const [dead, alive] = [await rig.consumer(hang), await rig.consumer(status(202))];
    const hanging = rig.engine.open(testTarget({ subscriberUri: dead.origin }));
    void Promise.all(handAll(hanging, 100));
    await dead.received(4);
    const working = rig.engine.open(testTarget({ subscriberUri: alive.origin }));
    expect(new Set(await Promise.all(handAll(working, 20)))).toEqual(new Set(['delivered']));
    expect(dead.requests).toHaveLength(4);
  });

  it('are given back by deliveries that end', async () => {
    await using rig = new DeliveryRig({ limits: { attemptsUnderWay: 4 } });
    const [dead, alive] = [await rig.consumer(hang), await rig.consumer(status(202))];
    const [hanging, working] = [dead, alive].map(({ origin }) =>
      rig.engine.open(testTarget({ subscriberUri: origin })),
    );
    const stuck = handAll(hanging!, 100);
    await dead.received(4);
    const waiting = handAll(working!, 10);
    hanging!.abort();
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['release']));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['delivered']));
    expect(dead.requests).toHaveLength(4);
    expect(rig.engine.usage.attemptsUnderWay).toBe(0);
  });

  it('send nothing more for a claim that is lost, though some of its events were waiting for their turn', async () => {
    await using rig = new DeliveryRig({ limits: { attemptsUnderWay: 2 } });
    const consumer = await rig.consumer(hang);
    const delivery = rig.engine.open(testTarget({ subscriberUri: consumer.origin }));
    const lost = new AbortController();
    const released = Array.from({ length: 50 }, (_, index) =>
      delivery.handle(testEvent(`A${index}`), claim(lost.signal)),
    );
    await consumer.received(2);
    consumer.behaviours = [status(202)];
    lost.abort();
    expect(new Set(await Promise.all(released))).toEqual(new Set(['release']));
    expect(await delivery.handle(testEvent('later'), claim())).toBe('delivered');
    expect(consumer.requests.map(({ headers }) => headers['ce-id'])).toEqual(['A0', 'A1', 'later']);
    expect(delivery.counters.attempts).toBe(3);
  });
});

describe('the bytes of answers', () => {
  const LIMITS = { maxResponseBytes: 1000, answerBytesHeld: 3000 };

  /** Three quarters of an answer at once, the rest when told. */
  function slowAnswers(headers: Record<string, string>, go: Promise<unknown>): Behaviour {
    return (response) => {
      response.writeHead(200, { ...REPLY, ...headers });
      response.write(Buffer.alloc(750, 'a'));
      void go.then(() => response.end(Buffer.alloc(250, 'b')));
    };
  }

  it.each([
    ['of known length', { 'content-length': '1000' }],
    ['of unknown length', {}],
  ])('%s are bounded over all Subscriptions, and answers beyond that are read later', async (_, headers) => {
    await using rig = new DeliveryRig({ limits: LIMITS });
    const { promise: go, resolve } = Promise.withResolvers<undefined>();
    const subscriber = await rig.consumer(slowAnswers(headers, go));
    const replies = await rig.consumer(status(202));
    const deliveries = ['a', 'b'].map((path) =>
      rig.engine.open(testTarget({ subscriberUri: `${subscriber.origin}/${path}`, replyUri: replies.origin })),
    );
    const settlements = deliveries.flatMap((delivery) => handAll(delivery, 20));
    await subscriber.received(40);
    // The limit, and one answer more for the Subscription that came last.
    const most = 3000 + 1000;
    await expect.poll(() => rig.engine.usage.answerBytesHeld).toBeGreaterThanOrEqual(3000);
    const watch = setInterval(() => expect(rig.engine.usage.answerBytesHeld).toBeLessThanOrEqual(most), 1);
    resolve(undefined);
    expect(new Set(await Promise.all(settlements))).toEqual(new Set(['delivered']));
    clearInterval(watch);
    expect(replies.requests).toHaveLength(40);
    expect(new Set(replies.requests.map(({ body }) => body.length))).toEqual(new Set([1000]));
    expect(rig.engine.usage.answerBytesHeld).toBe(0);
  });

  it('are held until the reply has been handed on, as many as there are', async () => {
    await using rig = new DeliveryRig({ limits: LIMITS });
    const subscriber = await rig.consumer(answer(200, REPLY, Buffer.alloc(100)));
    const replies = await rig.consumer(hang);
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    const settlements = handAll(delivery, 5);
    await replies.received(5);
    expect(rig.engine.usage.answerBytesHeld).toBe(500);
    replies.behaviours = [status(202)];
    rig.clock.advance(30_000);
    await Promise.all(settlements);
    expect(rig.engine.usage.answerBytesHeld).toBe(0);
  });

  it('held by consumers that never finish keep no other Subscription from its replies', async () => {
    await using rig = new DeliveryRig({ limits: LIMITS });
    const never = await rig.consumer((response) => void response.writeHead(200, REPLY).write('a'));
    const alive = await rig.consumer(answer(200, REPLY, 'reply'));
    const replies = await rig.consumer(status(202));
    const hanging = rig.engine.open(testTarget({ subscriberUri: never.origin, replyUri: replies.origin }));
    const stuck = handAll(hanging, 10);
    await expect.poll(() => rig.engine.usage.answerBytesHeld).toBe(3000);
    const working = rig.engine.open(testTarget({ subscriberUri: alive.origin, replyUri: replies.origin }));
    expect(new Set(await Promise.all(handAll(working, 20)))).toEqual(new Set(['delivered']));
    hanging.abort();
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['release']));
    expect(rig.engine.usage.answerBytesHeld).toBe(0);
  });

  it('run out of time like any other answer while they wait', async () => {
    await using rig = new DeliveryRig({ limits: LIMITS });
    const subscriber = await rig.consumer((response) => void response.writeHead(200, REPLY).write('a'));
    const replies = await rig.consumer(status(202));
    const target = testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }, { retry: 0 });
    const delivery = rig.engine.open(target);
    const settlements = handAll(delivery, 5);
    await expect.poll(() => rig.engine.usage.answerBytesHeld).toBe(3000);
    rig.clock.advance(30_000);
    expect(new Set(await Promise.all(settlements))).toEqual(new Set(['dropped']));
    expect([...delivery.counters.attemptsByResult]).toEqual([['timeout', 5]]);
    expect(rig.engine.usage.answerBytesHeld).toBe(0);
  });

  it('cost nothing where nobody wants a reply', async () => {
    await using rig = new DeliveryRig({ limits: LIMITS });
    const subscriber = await rig.consumer(slowAnswers({}, Promise.resolve()));
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }));
    const settlements = handAll(delivery, 20);
    await subscriber.received(20);
    expect(rig.engine.usage.answerBytesHeld).toBe(0);
    await Promise.all(settlements);
  });
});
