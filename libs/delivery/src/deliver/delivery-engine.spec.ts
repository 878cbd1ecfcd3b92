import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { silentLogger, systemClock, type LogFields } from '@millrace/eventing-api';
import { answer, Consumer, endless, hang, reset, status, type Behaviour } from '../../test/consumer.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import { TestClock } from '../../test/test-clock.js';
import { imbalance } from '../accounting/delivery-account.js';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { AttemptRecord } from './attempt-listener.types.js';
import { DeliveryEngine, type DeliveryEngineOptions } from './delivery-engine.js';
import type { DeadLetterOutcome } from './subscription-delivery.types.js';

const EVENT_HEADERS = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/reply', 'ce-type': 'answer' };
const eventAnswer = (code: number, headers = {}, body = 'reply'): Behaviour =>
  answer(code, { ...EVENT_HEADERS, 'content-type': 'text/plain', ...headers }, body);

let clock: TestClock;
let engine: DeliveryEngine;
let stack: AsyncDisposableStack;

function newEngine(options: Partial<DeliveryEngineOptions> = {}): DeliveryEngine {
  const made = new DeliveryEngine({ clock, logger: silentLogger, random: () => 0.5, ...options });
  stack.defer(() => made.close());
  return made;
}

async function consumer(...behaviours: Behaviour[]): Promise<Consumer> {
  return stack.use(await Consumer.start(...behaviours));
}

beforeEach(() => {
  stack = new AsyncDisposableStack();
  clock = new TestClock(10_000);
  engine = newEngine();
});
afterEach(() => stack.disposeAsync());

function expectBalanced(counters: SubscriptionCounters): void {
  expect(imbalance(counters)).toBe(0);
}

describe('an event on its way to a subscriber', () => {
  it('arrives with its headers and bytes, and with what Knative adds', async () => {
    const subscriber = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: `${subscriber.origin}/path?q=1` }));
    const event = testEvent('A1', [
      'traceparent',
      '00-aa-bb-01',
      'tracestate',
      'v=1',
      'x-request-id',
      'r',
      'knative-hop-count',
      '4',
    ]);
    expect(await delivery.handle(event, claim())).toBe('delivered');
    const [request] = subscriber.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/path?q=1' });
    expect(request!.body.toString()).toBe('{"n":1}');
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'A1',
      'ce-source': '/s',
      'ce-type': 't',
      traceparent: '00-aa-bb-01',
      tracestate: 'v=1',
      'x-request-id': 'r',
      'knative-hop-count': '5',
      prefer: 'reply',
      'kn-namespace': 'default',
    });
    expect(request!.headers['user-agent']).toMatch(/^millrace\//);
  });

  it('arrives without data as an empty body', async () => {
    const subscriber = await consumer(status(200));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent('A1', [], ''), claim())).toBe('delivered');
    expect(subscriber.requests[0]!.headers['content-length']).toBe('0');
  });

  it.each([200, 201, 202, 204, 299])('is delivered by a %i at the first attempt', async (code) => {
    const subscriber = await consumer(status(code), status(500));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ claimed: 1, delivered: 1, attempts: 1, inFlight: 0 });
  });

  it.each([301, 302, 303, 304, 307, 308, 400, 401, 403, 405, 410, 413, 415, 422, 431])(
    'is dropped by a %i without another attempt',
    async (code) => {
      const elsewhere = await consumer(status(202));
      const subscriber = await consumer(status(code, { location: elsewhere.origin }), status(202));
      const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
      expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
      expect([...delivery.counters.droppedByReason]).toEqual([['not-retryable', 1]]);
      expect(subscriber.requests.length).toBe(1);
      expect(elsewhere.requests.length).toBe(0);
    },
  );

  it.each([404, 408, 409, 429, 500, 502, 503, 504, 599, 777])('is sent again after a %i', async (code) => {
    const subscriber = await consumer(status(code), status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ delivered: 1, attempts: 2 });
    expect([...delivery.counters.attemptsByResult]).toEqual([
      [code, 1],
      [202, 1],
    ]);
  });

  it('is not answered by a 1xx', async () => {
    const subscriber = await consumer((response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.writeHead(202).end());
    });
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect([...delivery.counters.attemptsByResult]).toEqual([[202, 1]]);
  });

  it('is not sent any more when its claim is lost before there is a connection', async () => {
    const subscriber = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    const lost = new AbortController();
    const released = delivery.handle(testEvent('A1'), claim(lost.signal));
    lost.abort();
    expect(await released).toBe('release');
    for (const id of ['A2', 'A3']) expect(await delivery.handle(testEvent(id), claim())).toBe('delivered');
    expect(subscriber.requests.map(({ headers }) => headers['ce-id'])).toEqual(['A2', 'A3']);
  });

  it('is not delivered by an answer that wants to change the protocol, which is none to a POST', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
    const subscriber = await consumer(
      (response) => {
        response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      },
      status(202, upgrade),
    );
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect([...delivery.counters.attemptsByResult]).toEqual([
      ['connection-failed', 1],
      [202, 1],
    ]);
  });

  it.each([
    ['exponential', [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000]],
    ['linear', [200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]],
  ] as const)(
    'waits longer and longer from retry to retry, %s, and never beyond the limit',
    async (backoffPolicy, waits) => {
      // Of the codes that are worth a retry, the one that says nothing about the subscriber: none is spared.
      const subscriber = await consumer(status(409));
      const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }, { retry: 10, backoffPolicy }));
      expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
      expect(clock.skippedMs).toEqual(waits);
      expect(subscriber.requests.length).toBe(11);
    },
  );

  it('waits for up to a fifth more or less than that', async () => {
    const subscriber = await consumer(status(409));
    for (const [random, waits] of [
      [0, [160, 320, 640]],
      [0.999_999, [240, 480, 960]],
    ] as const) {
      clock.skippedMs.length = 0;
      const delivery = newEngine({ random: () => random }).open(testTarget({ subscriberUri: subscriber.origin }));
      await delivery.handle(testEvent(), claim());
      expect(clock.skippedMs).toEqual(waits);
    }
  });

  it('is sent again after a reset, and dropped when its retries are used up', async () => {
    const subscriber = await consumer(reset);
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect(subscriber.requests.length).toBe(4);
    expect(clock.skippedMs).toEqual([200, 400, 800]);
    expect([...delivery.counters.droppedByReason]).toEqual([['retries-exhausted', 1]]);
    expect([...delivery.counters.attemptsByResult]).toEqual([['connection-failed', 4]]);
  });

  it('is sent again where nobody listens yet', async () => {
    const gone = await Consumer.start(status(202));
    const { origin } = gone;
    await gone[Symbol.asyncDispose]();
    const delivery = engine.open(testTarget({ subscriberUri: origin }, { retry: 1 }));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect(delivery.counters.attempts).toBe(2);
  });

  it('is not sent again with retry 0', async () => {
    const subscriber = await consumer(status(500));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }, { retry: 0 }));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect(subscriber.requests.length).toBe(1);
  });

  it('that has passed more than 64 intakes is dropped unsent', async () => {
    const subscriber = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent('A1', ['knative-hop-count', '64']), claim())).toBe('dropped');
    expect(await delivery.handle(testEvent('A2', ['knative-hop-count', '63']), claim())).toBe('delivered');
    expect([...delivery.counters.droppedByReason]).toEqual([['loop', 1]]);
    expect(subscriber.requests.length).toBe(1);
  });

  it('that is dropped is told to the log, once a second at most', async () => {
    const lines: LogFields[] = [];
    const logger = { ...silentLogger, warn: (_: string, fields: LogFields = {}) => void lines.push(fields) };
    const subscriber = await consumer(status(400));
    const delivery = newEngine({ logger }).open(testTarget({ subscriberUri: subscriber.origin }));
    await delivery.handle(testEvent('A1'), claim());
    await delivery.handle(testEvent('A2'), claim());
    clock.advance(1000);
    await delivery.handle(testEvent('A3'), claim());
    expect(lines).toMatchObject([
      { eventId: 'A1', reason: 'not-retryable', untoldBefore: 0 },
      { eventId: 'A3', untoldBefore: 1 },
    ]);
    // Another Subscription has lines of its own.
    const other = newEngine({ logger }).open({ ...testTarget({ subscriberUri: subscriber.origin }), name: 'other' });
    await other.handle(testEvent('B1'), claim());
    expect(lines.at(-1)).toMatchObject({ eventId: 'B1', subscription: 'other', untoldBefore: 0 });
    expect(lines[0]!['detail']).toContain('HTTP 400');
  });
});

describe('the wait that a subscriber asks for', () => {
  it.each([
    ['seconds on a 503', 503, '7', [7000, 400]],
    ['seconds on a 429', 429, '7', [7000, 400]],
    ['an HTTP date', 503, 'Tue, 12 Feb 2019 17:31:05 GMT', [5000, 400]],
    ['less than the back-off', 503, '0', [200, 400]],
    ['nonsense', 503, 'soon', [200, 400]],
    ['seconds on another status', 500, '7', [200, 400]],
  ])('as %s', async (_, code, retryAfter, waits) => {
    const subscriber = await consumer(status(code, { 'retry-after': retryAfter }), status(500), status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(clock.skippedMs).toEqual(waits);
  });

  it('is cut to retryAfterMax, and ignored when that is 0', async () => {
    for (const [retryAfterMaxMs, waitMs] of [
      [3000, 3000],
      [0, 200],
    ] as const) {
      clock.skippedMs.length = 0;
      const subscriber = await consumer(status(503, { 'retry-after': '86400' }), status(202));
      const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }, { retryAfterMaxMs }));
      await delivery.handle(testEvent(), claim());
      expect(clock.skippedMs).toEqual([waitMs]);
    }
  });
});

describe('the time-out of an attempt', () => {
  const hangsInBody: Behaviour = (response) => void response.writeHead(200, { 'content-length': '10' }).write('half');

  it.each([
    ['no answer', hang, undefined],
    ['half an answer that may hold a reply', hangsInBody, 'http://127.0.0.1:9/'],
  ])('ends one with %s, and the event is sent again', async (_, behaviour, replyUri) => {
    const subscriber = await consumer(behaviour, status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri }));
    const settlement = delivery.handle(testEvent(), claim());
    await subscriber.received(1);
    clock.advance(29_999);
    await new Promise(setImmediate);
    expect(delivery.counters.attemptsByResult.size).toBe(0);
    clock.advance(1);
    expect(await settlement).toBe('delivered');
    expect([...delivery.counters.attemptsByResult]).toEqual([
      ['timeout', 1],
      [202, 1],
    ]);
  });

  it.each([
    [400, 'dropped'],
    [202, 'delivered'],
  ])('leaves a %i what it is, though its body never ends', async (code, outcome) => {
    const subscriber = await consumer((response) => void response.writeHead(code).write('because'), status(500));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    const settlement = delivery.handle(testEvent(), claim());
    await subscriber.received(1);
    const waitForHeaders = setInterval(() => clock.advance(30_000), 50);
    expect(await settlement).toBe(outcome);
    clearInterval(waitForHeaders);
    expect([...delivery.counters.attemptsByResult]).toEqual([[code, 1]]);
  });

  it('does not run while the attempt waits for a connection', async () => {
    const subscriber = await consumer(hang, status(202));
    engine = newEngine({ limits: { connectionsPerOrigin: 1 } });
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }, { retry: 0 }));
    const [first, second] = [delivery.handle(testEvent('A1'), claim()), delivery.handle(testEvent('A2'), claim())];
    await subscriber.received(1);
    clock.advance(30_000);
    expect(await first).toBe('dropped');
    expect(await second).toBe('delivered');
    expect([...delivery.counters.attemptsByResult]).toEqual([
      ['timeout', 1],
      [202, 1],
    ]);
  });

  it('leaves nothing behind where no connection can be made', async () => {
    // Nobody answers there (RFC 5737).
    const delivery = engine.open(testTarget({ subscriberUri: 'http://192.0.2.1/' }, { retry: 2 }));
    const settlement = delivery.handle(testEvent(), claim());
    const time = setInterval(() => clock.advance(30_000), 10);
    expect(await settlement).toBe('dropped');
    clearInterval(time);
    expect(delivery.counters).toMatchObject({ attempts: 3, inFlight: 0 });
    expect(clock.pending).toBe(0);
  });
});

describe('an answer that is too large', () => {
  it('is cut off and a failed attempt where it may hold a reply, be it endless or not', async () => {
    engine = newEngine({ limits: { maxResponseBytes: 100_000 } });
    const huge = answer(200, {}, Buffer.alloc(100_001));
    const subscriber = await consumer(endless(200), huge, answer(200, {}, Buffer.alloc(100_000)));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: 'http://127.0.0.1:9/' }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect([...delivery.counters.attemptsByResult]).toEqual([
      ['response-too-large', 2],
      [200, 1],
    ]);
  });

  it.each([
    [400, 'dropped', undefined],
    [202, 'delivered', 'http://127.0.0.1:9/'],
    [200, 'delivered', undefined],
  ])('does not change what a %i says that holds no reply', async (code, outcome, replyUri) => {
    const subscriber = await consumer(endless(code), status(500));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri }));
    expect(await delivery.handle(testEvent(), claim())).toBe(outcome);
    expect([...delivery.counters.attemptsByResult]).toEqual([[code, 1]]);
  });
});

describe('the reply of a subscriber', () => {
  it('goes to the reply address, with hops, trace and correlation of the event that it answers', async () => {
    const subscriber = await consumer(
      eventAnswer(200, { 'x-request-id': 'r', 'set-cookie': 'no', 'knative-hop-count': '1' }),
    );
    const replies = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: `${replies.origin}/in` }));
    const event = testEvent('A1', [
      'knative-hop-count',
      '6',
      'traceparent',
      '00-aa-bb-01',
      'knative-correlation-id',
      'c',
    ]);
    expect(await delivery.handle(event, claim())).toBe('delivered');
    const [reply] = replies.requests;
    expect(reply).toMatchObject({
      path: '/in',
      headers: {
        ...EVENT_HEADERS,
        'x-request-id': 'r',
        'knative-hop-count': '7',
        traceparent: '00-aa-bb-01',
        'knative-correlation-id': 'c',
        'kn-namespace': 'default',
      },
    });
    expect(reply!.body.toString()).toBe('reply');
    expect(reply!.headers).not.toHaveProperty('prefer');
    expect(reply!.headers).not.toHaveProperty('set-cookie');
    expect(delivery.counters).toMatchObject({ delivered: 1, replies: 1, attempts: 1 });
  });

  it('may be structured, without data, or a batch', async () => {
    const structured = '{"specversion":"1.0","id":"R1","source":"/s","type":"t"}';
    const subscriber = await consumer(
      answer(200, { 'content-type': 'application/cloudevents+json' }, structured),
      eventAnswer(200, {}, ''),
      answer(200, { 'content-type': 'application/cloudevents-batch+json' }, `[${structured},${structured}]`),
    );
    const replies = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    for (const id of ['A1', 'A2', 'A3']) expect(await delivery.handle(testEvent(id), claim())).toBe('delivered');
    expect(replies.requests.map(({ body }) => body.toString())).toEqual([structured, '', structured, structured]);
    expect(delivery.counters.replies).toBe(4);
  });

  it.each([
    ['a 202 with an event', eventAnswer(202)],
    ['a 201 with an event', eventAnswer(201)],
    ['an empty 200', status(200)],
    ['a 200 with a page', answer(200, { 'content-type': 'text/html' }, '<p>ok')],
    ['a 200 with an empty batch', answer(200, { 'content-type': 'application/cloudevents-batch+json' }, '[]')],
  ])('is none where it is %s', async (_, behaviour) => {
    const subscriber = await consumer(behaviour);
    const replies = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(replies.requests).toEqual([]);
    expect(delivery.counters).toMatchObject({ delivered: 1, replies: 0, invalidReplies: 0 });
  });

  it('is none, and counted, where it claims to be an event and is not', async () => {
    const subscriber = await consumer(eventAnswer(200, { 'ce-id': '' }));
    const replies = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(replies.requests).toEqual([]);
    expect(delivery.counters.invalidReplies).toBe(1);
  });

  it('is discarded without a reply address', async () => {
    const subscriber = await consumer(eventAnswer(200));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ delivered: 1, replies: 0 });
  });

  it('that is not taken makes the whole delivery fail: the subscriber gets the event again', async () => {
    const subscriber = await consumer(eventAnswer(200));
    const replies = await consumer(status(500), reset, status(202));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(subscriber.requests.length).toBe(3);
    expect(replies.requests.length).toBe(3);
    expect(delivery.counters).toMatchObject({ delivered: 1, replies: 1, attempts: 3 });
  });

  it('that is refused for good drops the event', async () => {
    const subscriber = await consumer(eventAnswer(200));
    const replies = await consumer(status(400));
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect([...delivery.counters.droppedByReason]).toEqual([['not-retryable', 1]]);
  });
});

describe('a Subscription without a subscriber', () => {
  it('sends the event itself to the reply address, as in 2019', async () => {
    const replies = await consumer(eventAnswer(200));
    const delivery = engine.open(testTarget({ replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(replies.requests.map(({ headers }) => headers['ce-id'])).toEqual(['A1']);
    expect(replies.requests[0]!.headers).not.toHaveProperty('prefer');
    expect(delivery.counters).toMatchObject({ delivered: 1, attempts: 1, replies: 0 });
  });

  it('and without a reply address has delivered everything', async () => {
    const delivery = engine.open(testTarget({}));
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ delivered: 1, attempts: 0 });
  });
});

describe('a delivery', () => {
  it('takes a new target for attempts that start from then on', async () => {
    const before = await consumer(hang);
    const after = await consumer(status(202));
    const delivery = engine.open(testTarget({ subscriberUri: before.origin }));
    const settlement = delivery.handle(testEvent('A1'), claim());
    await before.received(1);
    delivery.update(testTarget({ subscriberUri: after.origin }));
    expect(await delivery.handle(testEvent('A2'), claim())).toBe('delivered');
    clock.advance(30_000);
    expect(await settlement).toBe('delivered');
    expect(after.requests.map(({ headers }) => headers['ce-id'])).toEqual(['A2', 'A1']);
  });

  it('refuses an address that is none', () => {
    expect(() => engine.open(testTarget({ subscriberUri: 'consumer' }))).toThrow(TypeError);
    expect(() => engine.open(testTarget({ subscriberUri: 'ftp://consumer' }))).toThrow(TypeError);
  });

  it('releases what is under way, what waits and what comes later when it is aborted', async () => {
    const subscriber = await consumer(status(500), hang);
    clock = new TestClock();
    engine = newEngine();
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    const waiting = delivery.handle(testEvent('A1'), claim());
    await expect.poll(() => delivery.counters.attemptsByResult.get(500)).toBe(1);
    const underWay = delivery.handle(testEvent('A2'), claim());
    await subscriber.received(2);
    delivery.abort();
    delivery.abort();
    const late = delivery.handle(testEvent('A3'), claim());
    expect(await Promise.all([waiting, underWay, late])).toEqual(['release', 'release', 'release']);
    expect(delivery.counters).toMatchObject({ claimed: 3, released: 3, inFlight: 0 });
    expect(clock.pending).toBe(0);
    expect([...engine.deliveries()]).toEqual([]);
  });

  it('releases only those events whose claim is lost', async () => {
    const subscriber = await consumer(hang);
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin }));
    const [lost, kept] = [new AbortController(), new AbortController()];
    const released = [
      delivery.handle(testEvent('A1'), claim(lost.signal)),
      delivery.handle(testEvent('A2'), claim(lost.signal)),
    ];
    const delivered = delivery.handle(testEvent('A3'), claim(kept.signal));
    await subscriber.received(3);
    lost.abort();
    expect(await Promise.all(released)).toEqual(['release', 'release']);
    expect(await delivery.handle(testEvent('A4'), claim(lost.signal))).toBe('release');
    expect(delivery.counters).toMatchObject({ released: 3, inFlight: 1 });
    subscriber.behaviours = [status(202)];
    clock.advance(30_000);
    expect(await delivered).toBe('delivered');
  });

  it('tells of every attempt, without bodies', async () => {
    const records: AttemptRecord[] = [];
    const subscriber = await consumer(status(500), reset, eventAnswer(200));
    const replies = await consumer(status(202));
    const delivery = newEngine({ onAttempt: (record) => void records.push(record) }).open(
      testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }),
    );
    await delivery.handle(testEvent(), claim());
    expect(records.map(({ hop, attempt, code, reason }) => [hop, attempt, code, reason])).toEqual([
      ['subscriber', 1, 500, undefined],
      ['subscriber', 2, undefined, 'connection-failed'],
      ['subscriber', 3, 200, undefined],
      ['reply', 3, 202, undefined],
    ]);
    expect(records[0]).toMatchObject({
      eventId: 'A1',
      eventSource: '/s',
      subscription: { namespace: 'default', name: 'sub', uid: 'u-1' },
    });
  });

  it('loses nothing to a listener that throws, and tells of that once', async () => {
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (message: string) => void errors.push(message) };
    const subscriber = await consumer(status(500), status(202));
    const delivery = newEngine({
      logger,
      onAttempt: () => {
        throw new Error('a listener with a bug');
      },
    }).open(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent('A1'), claim())).toBe('delivered');
    expect(await delivery.handle(testEvent('A2'), claim())).toBe('delivered');
    expect(errors).toEqual([expect.stringContaining('listener of attempts')]);
    expectBalanced(delivery.counters);
  });

  it('may be aborted by its listener', async () => {
    const subscriber = await consumer(eventAnswer(200));
    const replies = await consumer(status(202));
    const local = newEngine({ onAttempt: () => delivery.abort() });
    const delivery = local.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
    expect(await delivery.handle(testEvent(), claim())).toBe('release');
    expect(replies.requests).toEqual([]);
    expect(local.usage).toEqual({ attemptsUnderWay: 0, answerBytesHeld: 0 });
    expectBalanced(delivery.counters);
  });

  it('delivers no event that a filter does not want', async () => {
    const subscriber = await consumer(status(202));
    const onlyA1 = [{ exact: { id: 'A1' } }];
    const delivery = engine.open(testTarget({ subscriberUri: subscriber.origin, filters: onlyA1 }));
    expect(await delivery.handle(testEvent('A1'), claim())).toBe('delivered');
    // Not even one that would be given up for another reason.
    expect(await delivery.handle(testEvent('A2', ['knative-hop-count', '64']), claim())).toBe('filtered');
    expect(subscriber.requests.length).toBe(1);
    delivery.update(testTarget({ subscriberUri: subscriber.origin }));
    expect(await delivery.handle(testEvent('A2'), claim())).toBe('delivered');
    expect(delivery.counters).toMatchObject({ claimed: 3, delivered: 2, filtered: 1 });
    expectBalanced(delivery.counters);
  });

  it('lets go of a consumer that it is pointed away from, and finds it again', async () => {
    const [here, there] = [await consumer(status(202)), await consumer(status(202))];
    const delivery = engine.open(testTarget({}));
    for (const { origin } of [here, there, here]) {
      delivery.update(testTarget({ subscriberUri: origin }));
      expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    }
    expect(here.requests.length).toBe(2);
    await expect.poll(() => there.connections()).toBe(0);
  });

  it('that is slow takes no connection from another to the same consumer', async () => {
    const shared = await consumer((response, { path }) => {
      if (path === '/fast') response.writeHead(202).end();
    });
    engine = newEngine({ limits: { connectionsPerOrigin: 2 } });
    const slow = engine.open(testTarget({ subscriberUri: `${shared.origin}/slow` }));
    const fast = engine.open(testTarget({ subscriberUri: `${shared.origin}/fast` }));
    const stuck = ['A1', 'A2', 'A3'].map((id) => slow.handle(testEvent(id), claim()));
    await shared.received(2);
    expect(await fast.handle(testEvent('A4'), claim())).toBe('delivered');
    slow.abort();
    expect(await Promise.all(stuck)).toEqual(['release', 'release', 'release']);
  });
});

describe('the counters', () => {
  const behaviour = fc.constantFrom<Behaviour>(
    status(200),
    status(202),
    status(500),
    status(404),
    status(400),
    status(302),
    reset,
    eventAnswer(200),
    endless(200),
    endless(503),
    (response) => void setTimeout(() => response.end(), 5),
  );

  const placeOutcome = fc.constantFrom<DeadLetterOutcome>(
    { outcome: 'stored' },
    { outcome: 'full', message: 'no room' },
    { outcome: 'unavailable', message: 'away' },
  );

  it('are exact at every moment, whatever consumers, claims and dead letters do', async () => {
    const run = fc.record({
      behaviours: fc.array(behaviour, { minLength: 1, maxLength: 12 }),
      sinkBehaviours: fc.option(fc.array(behaviour, { minLength: 1, maxLength: 6 }), { nil: undefined }),
      placeOutcomes: fc.option(fc.array(placeOutcome, { minLength: 1, maxLength: 6 }), { nil: undefined }),
      ordering: fc.constantFrom('none', 'key'),
      events: fc.integer({ min: 1, max: 12 }),
      lostAfterMs: fc.option(fc.nat(15), { nil: undefined }),
      abortAfterMs: fc.option(fc.nat(15), { nil: undefined }),
      limits: fc.record({
        connectionsPerOrigin: fc.integer({ min: 1, max: 4 }),
        attemptsUnderWay: fc.integer({ min: 1, max: 8 }),
        answerBytesHeld: fc.integer({ min: 1, max: 4000 }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(run, async (scenario) => {
        const { behaviours, sinkBehaviours, placeOutcomes, ordering, events, lostAfterMs, abortAfterMs, limits } =
          scenario;
        await using subscriber = await Consumer.start(...behaviours);
        await using replies = await Consumer.start(status(500), status(202));
        await using sink = await Consumer.start(...(sinkBehaviours ?? [status(500)]));
        const local = new DeliveryEngine({
          clock: new TestClock(10_000),
          logger: silentLogger,
          limits: { ...limits, maxResponseBytes: 1000 },
        });
        let writes = 0;
        const deadLetterPlace = placeOutcomes && {
          store: () => Promise.resolve(placeOutcomes[writes++] ?? ({ outcome: 'stored' } as const)),
        };
        const addresses = {
          subscriberUri: subscriber.origin,
          replyUri: replies.origin,
          deadLetterSinkUri: sinkBehaviours && sink.origin,
        };
        const delivery = local.open(testTarget(addresses, { retry: 2, ordering }), { deadLetterPlace });
        const lost = new AbortController();
        const timers: NodeJS.Timeout[] = [setInterval(() => expectBalanced(delivery.counters), 1)];
        if (lostAfterMs !== undefined) timers.push(setTimeout(() => lost.abort(), lostAfterMs));
        if (abortAfterMs !== undefined) timers.push(setTimeout(() => delivery.abort(), abortAfterMs));
        const settlements = await Promise.all(
          Array.from({ length: events }, (_, index) =>
            delivery.handle(
              testEvent(`A${index}`, ['ce-partitionkey', String(index % 3)]),
              claim(index % 2 ? lost.signal : undefined),
            ),
          ),
        );
        timers.forEach(clearTimeout);
        const count = (wanted: string) => settlements.filter((settlement) => settlement === wanted).length;
        const { counters } = delivery;
        expectBalanced(counters);
        expect(counters).toMatchObject({
          claimed: events,
          inFlight: 0,
          delivered: count('delivered'),
          deadLettered: count('dead-lettered'),
          dropped: count('dropped'),
          released: count('release'),
        });
        expect([...counters.attemptsByResult.values()].reduce((sum, value) => sum + value, 0)).toBe(counters.attempts);
        expect(local.usage).toEqual({ attemptsUnderWay: 0, answerBytesHeld: 0 });
        await local.close();
      }),
      { numRuns: 60 },
    );
  });
});

it('works by the time of the machine', async () => {
  const subscriber = await consumer(hang, status(202));
  const delivery = newEngine({ clock: systemClock }).open(
    testTarget({ subscriberUri: subscriber.origin }, { timeoutMs: 50, backoffDelayMs: 10 }),
  );
  expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
  expect(delivery.counters.attemptLatency.sumSeconds).toBeGreaterThanOrEqual(0.045);
});
