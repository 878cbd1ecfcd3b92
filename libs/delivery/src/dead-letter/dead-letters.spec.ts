import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger, type LogFields, type StoredEvent } from '@millrace/eventing-api';
import { attributeReader } from '@millrace/cloudevents-http';
import { answer, endless, hang, reset, status, type ReceivedRequest } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import { TestClock } from '../../test/test-clock.js';
import { accountOf, imbalance } from '../accounting/delivery-account.js';
import type { AttemptRecord } from '../deliver/attempt-listener.types.js';
import type { DeadLetterOutcome, DeadLetterPlace } from '../deliver/subscription-delivery.types.js';

let stack: AsyncDisposableStack;
let rig: DeliveryRig;

function newRig(...options: ConstructorParameters<typeof DeliveryRig>): DeliveryRig {
  return stack.use(new DeliveryRig(...options));
}

beforeEach(() => {
  stack = new AsyncDisposableStack();
  rig = newRig();
});
afterEach(() => stack.disposeAsync());

/** A place that answers as told, and then that it has stored the letter, for ever. */
class Place implements DeadLetterPlace {
  readonly letters: StoredEvent[] = [];
  readonly outcomes: (DeadLetterOutcome | Error)[];

  constructor(...outcomes: (DeadLetterOutcome | Error)[]) {
    this.outcomes = outcomes;
  }

  store(letter: StoredEvent): Promise<DeadLetterOutcome> {
    this.letters.push(letter);
    const outcome = this.outcomes.shift() ?? { outcome: 'stored' };
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  }
}

const NAMES = ['knativeerrordest', 'knativeerrorcode', 'knativeerrordata', 'millraceerrorreason'];

function annotationsOf(letter: StoredEvent): Record<string, string | undefined> {
  return Object.fromEntries(NAMES.map((name) => [name, attributeReader(name)(letter)]));
}

function annotationsIn({ headers }: ReceivedRequest): Record<string, unknown> {
  return Object.fromEntries(NAMES.map((name) => [name, headers[`ce-${name}`]]));
}

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

describe('an event that cannot be delivered', () => {
  it('goes to the dead letter sink, with its own bytes and what is known of the failure, and is settled after that', async () => {
    const subscriber = await rig.consumer(answer(422, {}, 'no such order'));
    const sink = await rig.consumer(hang);
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: `${subscriber.origin}/in`, deadLetterSinkUri: `${sink.origin}/dead` }),
    );
    let settled = false;
    const settlement = delivery.handle(testEvent('A1', ['x-request-id', 'r']), claim()).finally(() => (settled = true));
    await sink.received(1);
    expect(settled).toBe(false);
    sink.behaviours = [status(202)];
    rig.clock.advance(30_000);
    expect(await settlement).toBe('dead-lettered');
    const [letter] = sink.requests;
    expect(letter).toMatchObject({ method: 'POST', path: '/dead' });
    expect(letter!.body.toString()).toBe('{"n":1}');
    expect(letter!.headers).toMatchObject({
      'ce-id': 'A1',
      'ce-source': '/s',
      'kn-namespace': 'default',
      'knative-hop-count': '1',
      'x-request-id': 'r',
    });
    expect(letter!.headers).not.toHaveProperty('prefer');
    expect(annotationsIn(letter!)).toEqual({
      knativeerrordest: `${subscriber.origin}/in`,
      knativeerrorcode: '422',
      knativeerrordata: base64('no such order'),
      millraceerrorreason: 'not-retryable',
    });
    expect(delivery.counters).toMatchObject({ deadLettered: 1, deadLetteredToSink: 1, dropped: 0, inFlight: 0 });
  });

  it('goes there when its retries are used up, and in structured mode keeps its document but for the annotations', async () => {
    const subscriber = await rig.consumer(status(503));
    const sink = await rig.consumer(status(200));
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, { retry: 2 }),
    );
    const document = '{"specversion":"1.0","id":"A1","source":"/s","type":"t","data":{"n":1.0}';
    const event = { ...testEvent('A1', [], `${document}}`), mode: 'structured' } as const;
    const headers = ['content-type', 'application/cloudevents+json'];
    expect(await delivery.handle({ ...event, headers }, claim())).toBe('dead-lettered');
    expect(subscriber.requests).toHaveLength(3);
    expect(sink.requests[0]!.body.toString()).toBe(
      `${document},"knativeerrordest":"${subscriber.origin}","knativeerrorcode":503,"millraceerrorreason":"retries-exhausted","millraceerrorcount":1}`,
    );
  });

  it.each([
    ['reset', reset],
    ['cut off in a success', endless(200)],
  ])('has no code and no data where the attempt was %s', async (_, behaviour) => {
    const subscriber = await rig.consumer(behaviour);
    const place = new Place();
    const target = testTarget({ subscriberUri: subscriber.origin, replyUri: subscriber.origin }, { retry: 0 });
    const delivery = rig.engine.open(target, { deadLetterPlace: place });
    // It has been a dead letter before.
    const event = testEvent('A1', ['ce-knativeerrorcode', '418', 'ce-knativeerrordata', 'eA==']);
    expect(await delivery.handle(event, claim())).toBe('dead-lettered');
    expect(annotationsOf(place.letters[0]!)).toEqual({
      knativeerrordest: subscriber.origin,
      knativeerrorcode: undefined,
      knativeerrordata: undefined,
      millraceerrorreason: 'retries-exhausted',
    });
  });

  it.each([
    ['multi-line HTML', Buffer.from('<html>\r\n\t<p>"ümläut" & 100 %</p>\n')],
    ['bytes that are no text', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['more than is kept', Buffer.alloc(5000, 'long')],
    ['exactly what is kept', Buffer.alloc(1024, 'full')],
  ])('carries the beginning of an answer of %s', async (_, body) => {
    const subscriber = await rig.consumer((response) => {
      response.writeHead(500);
      // In parts, as it comes over a network.
      for (let start = 0; start < body.length; start += 700) response.write(body.subarray(start, start + 700));
      response.end();
    });
    const sink = await rig.consumer(status(202));
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, { retry: 0 }),
    );
    expect(await delivery.handle(testEvent(), claim())).toBe('dead-lettered');
    expect(sink.requests[0]!.headers['ce-knativeerrordata']).toBe(base64(body.subarray(0, 1024)));
  });

  it('survives an answer that is an endless error', async () => {
    const subscriber = await rig.consumer(endless(500));
    const sink = await rig.consumer(status(202));
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, { retry: 1 }),
    );
    expect(await delivery.handle(testEvent(), claim())).toBe('dead-lettered');
    expect(annotationsIn(sink.requests[0]!)).toMatchObject({
      knativeerrorcode: '500',
      knativeerrordata: base64('x'.repeat(1024)),
    });
  });

  it('is the original, with the address of the reply, where a reply was not taken', async () => {
    const reply = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/r', 'ce-type': 'answer' };
    const subscriber = await rig.consumer(answer(200, reply, 'reply'));
    const replies = await rig.consumer(answer(403, {}, 'not you'));
    const sink = await rig.consumer(status(202));
    const delivery = rig.engine.open(
      testTarget({
        subscriberUri: subscriber.origin,
        replyUri: `${replies.origin}/replies`,
        deadLetterSinkUri: sink.origin,
      }),
    );
    expect(await delivery.handle(testEvent('A1'), claim())).toBe('dead-lettered');
    expect(sink.requests[0]!.headers['ce-id']).toBe('A1');
    expect(annotationsIn(sink.requests[0]!)).toMatchObject({
      knativeerrordest: `${replies.origin}/replies`,
      knativeerrorcode: '403',
      knativeerrordata: base64('not you'),
    });
    expect(delivery.counters.failedReplies).toBe(1);
  });

  it.each([
    ['goes round in a circle', ['knative-hop-count', '64'], 'loop', 0],
    ['has been a dead letter three times', ['ce-millraceerrorcount', '3'], 'not-retryable', 1],
  ])(
    'goes to the place alone where it %s: the sink may be a part of the circle',
    async (_, header, reason, attempts) => {
      const subscriber = await rig.consumer(status(400));
      const sink = await rig.consumer(status(202));
      const place = new Place();
      const target = testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin });
      const delivery = rig.engine.open(target, { deadLetterPlace: place });
      expect(await delivery.handle(testEvent('A1', header), claim())).toBe('dead-lettered');
      expect(subscriber.requests).toHaveLength(attempts);
      expect(sink.requests).toEqual([]);
      expect(annotationsOf(place.letters[0]!)).toMatchObject({ millraceerrorreason: reason });
      const placeless = rig.engine.open(target);
      expect(await placeless.handle(testEvent('A1', header), claim())).toBe('dropped');
      expect([...placeless.counters.droppedByReason]).toEqual([[reason, 1]]);
    },
  );

  it('counts how often it has become one', async () => {
    const subscriber = await rig.consumer(status(400));
    const sink = await rig.consumer(status(202));
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }));
    await delivery.handle(testEvent('A1'), claim());
    await delivery.handle(testEvent('A2', ['ce-millraceerrorcount', '2']), claim());
    await delivery.handle(testEvent('A3', ['ce-millraceerrorcount', 'many']), claim());
    expect(sink.requests.map(({ headers }) => headers['ce-millraceerrorcount'])).toEqual(['1', '3', '1']);
  });

  it('has no password in it', async () => {
    const subscriber = await rig.consumer(status(400));
    const place = new Place();
    const withPassword = subscriber.origin.replace('//', '//user:secret@');
    const delivery = rig.engine.open(testTarget({ subscriberUri: `${withPassword}/in` }), { deadLetterPlace: place });
    await delivery.handle(testEvent(), claim());
    expect(annotationsOf(place.letters[0]!)['knativeerrordest']).toBe(`${subscriber.origin}/in`);
  });

  it('is told to the log, with where it is now', async () => {
    const lines: [string, LogFields][] = [];
    const logger = { ...silentLogger, warn: (line: string, fields: LogFields = {}) => void lines.push([line, fields]) };
    const told = newRig({ logger });
    const subscriber = await told.consumer(status(400));
    const delivery = told.engine.open(testTarget({ subscriberUri: subscriber.origin }), {
      deadLetterPlace: new Place(),
    });
    for (const id of ['A1', 'A2']) await delivery.handle(testEvent(id), claim());
    expect(lines).toMatchObject([['event dead-lettered', { eventId: 'A1', reason: 'not-retryable', by: 'place' }]]);
  });
});

describe('a dead letter sink', () => {
  it('is retried as the Subscription says, and its answer, an event or not, is of no interest', async () => {
    const reply = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/r', 'ce-type': 'answer' };
    const subscriber = await rig.consumer(status(400));
    const replies = await rig.consumer(status(202));
    const sink = await rig.consumer(
      reset,
      status(503, { 'retry-after': '7' }),
      status(404),
      answer(200, reply, 'reply'),
    );
    const records: AttemptRecord[] = [];
    const told = newRig({ onAttempt: (record) => void records.push(record) });
    const delivery = told.engine.open(
      testTarget({
        subscriberUri: subscriber.origin,
        replyUri: replies.origin,
        deadLetterSinkUri: sink.origin,
      }),
    );
    expect(await delivery.handle(testEvent(), claim())).toBe('dead-lettered');
    expect(told.clock.skippedMs).toEqual([200, 7000, 800]);
    expect(replies.requests).toEqual([]);
    expect(records.map(({ hop, attempt, code, reason }) => [hop, attempt, code ?? reason])).toEqual([
      ['subscriber', 1, 400],
      ['dead-letter', 1, 'connection-failed'],
      ['dead-letter', 2, 503],
      ['dead-letter', 3, 404],
      ['dead-letter', 4, 200],
    ]);
    expect(Object.fromEntries(delivery.counters.sinkAttemptsByResult)).toEqual({
      'connection-failed': 1,
      503: 1,
      404: 1,
      200: 1,
    });
    expect(delivery.counters.attempts).toBe(1);
  });

  it.each([
    ['refuses the letter', status(400), 1],
    ['redirects', status(302, { location: 'http://127.0.0.1/' }), 1],
    ['fails for ever', status(500), 4],
  ])('that %s leaves it to the place', async (_, behaviour, attempts) => {
    const subscriber = await rig.consumer(answer(400, {}, 'why'));
    const sink = await rig.consumer(behaviour);
    const place = new Place();
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }), {
      deadLetterPlace: place,
    });
    expect(await delivery.handle(testEvent(), claim())).toBe('dead-lettered');
    expect(sink.requests).toHaveLength(attempts);
    expect(annotationsOf(place.letters[0]!)).toMatchObject({
      knativeerrordest: subscriber.origin,
      knativeerrorcode: '400',
      knativeerrordata: base64('why'),
    });
    expect(accountOf(delivery)).toMatchObject({ deadLettered: 1, deadLetteredBy: { sink: 0, place: 1 } });
  });

  it('that fails for ever, and no place: the event is dropped for the reason that it had', async () => {
    const subscriber = await rig.consumer(status(400));
    const sink = await rig.consumer(status(500));
    const delivery = rig.engine.open(
      testTarget({ subscriberUri: subscriber.origin, deadLetterSinkUri: sink.origin }, { retry: 1 }),
    );
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect([...delivery.counters.droppedByReason]).toEqual([['not-retryable', 1]]);
  });

  it('may come, go and move while letters are on their way to it', async () => {
    const subscriber = await rig.consumer(status(400));
    const [before, after] = [await rig.consumer(hang), await rig.consumer(status(500), hang)];
    const place = new Place();
    const { origin: subscriberUri } = subscriber;
    const delivery = rig.engine.open(testTarget({ subscriberUri, deadLetterSinkUri: before.origin }), {
      deadLetterPlace: place,
    });
    const settlement = delivery.handle(testEvent(), claim());
    await before.received(1);
    delivery.update(testTarget({ subscriberUri, deadLetterSinkUri: after.origin }));
    rig.clock.advance(30_000);
    await after.received(2);
    delivery.update(testTarget({ subscriberUri }));
    rig.clock.advance(30_000);
    expect(await settlement).toBe('dead-lettered');
    expect(place.letters).toHaveLength(1);
    expect(rig.engine.usage.attemptsUnderWay).toBe(0);
  });
});

describe('a dead-letter place', () => {
  async function failing(place: Place, onDeadLetterFault?: (message: string | undefined) => void) {
    const subscriber = await rig.consumer(status(400));
    return rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, { timeoutMs: 120_000 }), {
      deadLetterPlace: place,
      onDeadLetterFault,
    });
  }

  it('that finds the letter too large gets the event as it came', async () => {
    const place = new Place({ outcome: 'too-large', message: '1 MiB' }, { outcome: 'stored' });
    const delivery = await failing(place);
    expect(await delivery.handle(testEvent(), claim())).toBe('dead-lettered');
    const [annotated, bare] = place.letters;
    expect(annotated?.headers).toContain('ce-millraceerrorreason');
    expect(bare?.headers).not.toContain('ce-millraceerrorreason');
    expect(bare).toMatchObject({ id: annotated?.id, body: annotated?.body });
  });

  it('that finds the event itself too large drops it, counted as full', async () => {
    const tooLarge = { outcome: 'too-large', message: '1 MiB' } as const;
    const delivery = await failing(new Place(tooLarge, tooLarge));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect([...delivery.counters.droppedByReason]).toEqual([['dead-letters-full', 1]]);
    expect(accountOf(delivery).placeWritesByOutcome).toEqual({ 'too-large': 2 });
  });

  it('that is full drops the event, counted as that', async () => {
    const delivery = await failing(new Place({ outcome: 'full', message: '1000 letters' }));
    expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
    expect([...delivery.counters.droppedByReason]).toEqual([['dead-letters-full', 1]]);
    expect(accountOf(delivery).placeWritesByOutcome).toEqual({ full: 1 });
  });

  it('that cannot be written is written again until it can, and its host is told of both, once', async () => {
    rig = newRig({}, new TestClock(60_000));
    const unavailable = { outcome: 'unavailable', message: 'disk full' } as const;
    const faults: (string | undefined)[] = [];
    const place = new Place(...Array.from({ length: 9 }, () => unavailable), new Error('it threw'));
    const delivery = await failing(place, (message) => faults.push(message));
    expect(await delivery.handle(testEvent('A1'), claim())).toBe('dead-lettered');
    expect(rig.clock.skippedMs).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    expect(faults).toEqual(['disk full', undefined]);
    expect(new Set(place.letters)).toHaveLength(1);
    await delivery.handle(testEvent('A2'), claim());
    expect(faults).toHaveLength(2);
    expect(accountOf(delivery)).toMatchObject({
      deadLetteredBy: { place: 2 },
      placeWritesByOutcome: { unavailable: 10, stored: 2 },
    });
  });

  it('that cannot be written is let alone when a sink is named meanwhile', async () => {
    rig = newRig({}, new TestClock());
    const subscriber = await rig.consumer(status(400));
    const sink = await rig.consumer(status(202));
    const { origin: subscriberUri } = subscriber;
    const place = new Place({ outcome: 'unavailable', message: 'away' });
    const delivery = rig.engine.open(testTarget({ subscriberUri }), { deadLetterPlace: place });
    const settlement = delivery.handle(testEvent(), claim());
    await expect.poll(() => delivery.deadLetterFault).toBe('away');
    delivery.update(testTarget({ subscriberUri, deadLetterSinkUri: sink.origin }));
    rig.clock.advance(30_000);
    expect(await settlement).toBe('dead-lettered');
    expect([place.letters.length, sink.requests.length]).toEqual([1, 1]);
  });

  it('that cannot be written keeps the event in flight, and lets go of it when the delivery is aborted', async () => {
    rig = newRig({}, new TestClock());
    const place = new Place({ outcome: 'unavailable', message: 'away' });
    const delivery = await failing(place, () => {
      throw new Error('a listener with a bug');
    });
    const settlement = delivery.handle(testEvent(), claim());
    await expect.poll(() => delivery.deadLetterFault).toBe('away');
    expect(accountOf(delivery)).toMatchObject({ inFlight: 1, deadLettered: 0, deadLetterFault: 'away' });
    delivery.abort();
    expect(await settlement).toBe('release');
    expect(rig.clock.pending).toBe(0);
    expect(imbalance(accountOf(delivery))).toBe(0);
  });

  it('that cannot be written is let alone once the delivery is aborted', async () => {
    rig = newRig({}, new TestClock());
    const { promise, resolve } = Promise.withResolvers<DeadLetterOutcome>();
    const subscriber = await rig.consumer(status(400));
    const faults: (string | undefined)[] = [];
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }), {
      deadLetterPlace: { store: () => promise },
      onDeadLetterFault: (message) => void faults.push(message),
    });
    const settlement = delivery.handle(testEvent(), claim());
    await expect.poll(() => delivery.counters.attemptsByResult.size).toBe(1);
    delivery.abort();
    resolve({ outcome: 'unavailable', message: 'too late' });
    expect(await settlement).toBe('release');
    await new Promise(setImmediate);
    expect(faults).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('that cannot be written is at fault no more when a sink has taken the last letter that waited for it', async () => {
    rig = newRig({}, new TestClock());
    const subscriber = await rig.consumer(status(400));
    const sink = await rig.consumer(status(202));
    const { origin: subscriberUri } = subscriber;
    const faults: (string | undefined)[] = [];
    const delivery = rig.engine.open(testTarget({ subscriberUri }), {
      deadLetterPlace: new Place(
        { outcome: 'unavailable', message: 'away' },
        { outcome: 'unavailable', message: 'away' },
      ),
      onDeadLetterFault: (message) => void faults.push(message),
    });
    const settlements = Promise.all([
      delivery.handle(testEvent('A1'), claim()),
      delivery.handle(testEvent('A2'), claim()),
    ]);
    await expect.poll(() => accountOf(delivery).placeWritesByOutcome).toEqual({ unavailable: 2 });
    delivery.update(testTarget({ subscriberUri, deadLetterSinkUri: sink.origin }));
    rig.clock.advance(30_000);
    expect(await settlements).toEqual(['dead-lettered', 'dead-lettered']);
    expect(faults).toEqual(['away', undefined]);
  });

  it('that cannot be written is at fault until the last event that it is to take has been released', async () => {
    rig = newRig({}, new TestClock());
    const faults: (string | undefined)[] = [];
    const away = { outcome: 'unavailable', message: 'away' } as const;
    const delivery = await failing(new Place(away, away), (message) => faults.push(message));
    const [first, second] = [new AbortController(), new AbortController()];
    const settlements = Promise.all([
      delivery.handle(testEvent('A1'), claim(first.signal)),
      delivery.handle(testEvent('A2'), claim(second.signal)),
    ]);
    await expect.poll(() => accountOf(delivery).placeWritesByOutcome).toEqual({ unavailable: 2 });
    first.abort();
    expect(faults).toEqual(['away']);
    second.abort();
    expect(await settlements).toEqual(['release', 'release']);
    expect(faults).toEqual(['away', undefined]);
    expect(delivery.deadLetterFault).toBeUndefined();
  });

  it('that fails with the letter of an event released meanwhile is not at fault', async () => {
    const { promise, resolve } = Promise.withResolvers<DeadLetterOutcome>();
    const subscriber = await rig.consumer(status(400));
    const faults: (string | undefined)[] = [];
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }), {
      deadLetterPlace: { store: () => promise },
      onDeadLetterFault: (message) => void faults.push(message),
    });
    const lost = new AbortController();
    const settlement = delivery.handle(testEvent(), claim(lost.signal));
    await expect.poll(() => delivery.counters.attemptsByResult.size).toBe(1);
    lost.abort();
    expect(await settlement).toBe('release');
    resolve({ outcome: 'unavailable', message: 'too late' });
    await expect.poll(() => accountOf(delivery).placeWritesByOutcome).toEqual({ unavailable: 1 });
    expect(faults).toEqual([]);
  });

  it('that stores a letter of an event released meanwhile settles nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<DeadLetterOutcome>();
    const subscriber = await rig.consumer(status(400));
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }), {
      deadLetterPlace: { store: () => promise },
    });
    const lost = new AbortController();
    const settlement = delivery.handle(testEvent(), claim(lost.signal));
    await expect.poll(() => delivery.counters.attemptsByResult.size).toBe(1);
    lost.abort();
    expect(await settlement).toBe('release');
    resolve({ outcome: 'stored' });
    await promise;
    expect(accountOf(delivery)).toMatchObject({ released: 1, deadLettered: 0 });
    expect(imbalance(accountOf(delivery))).toBe(0);
  });

  it('is asked nothing where all is well', async () => {
    const subscriber = await rig.consumer(status(202));
    const place = new Place();
    const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }), { deadLetterPlace: place });
    expect(await delivery.handle(testEvent(), claim())).toBe('delivered');
    expect(place.letters).toEqual([]);
  });
});

it('is dropped for its reason where there is neither sink nor place', async () => {
  const subscriber = await rig.consumer(status(500));
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin }, { retry: 1 }));
  expect(await delivery.handle(testEvent(), claim())).toBe('dropped');
  expect([...delivery.counters.droppedByReason]).toEqual([['retries-exhausted', 1]]);
});

it('is refused as a target where the address of the sink is none', () => {
  expect(() => rig.engine.open(testTarget({ deadLetterSinkUri: 'sink' }))).toThrow(TypeError);
});
