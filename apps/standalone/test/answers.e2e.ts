import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SUBSCRIPTION, type DeliverySpec } from '@millrace/eventing-api';
import {
  answer,
  Consumer,
  status,
  type Behaviour,
  type ReceivedRequest,
} from '../../../libs/delivery/test/consumer.js';
import { expectBalanceAtRest, readAccount, readAccountingEntry } from './accounting.js';
import { arrived, idOf, idsAt } from './arrivals.js';
import { eventually } from './eventually.js';
import { channel, createRoute, createService, subscription, withSpec } from './objects.js';
import { eventHeaders, postEvent } from './producer.js';
import { HOMES, type Stack } from './stack.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const noRoom = answer(503, {}, 'no room');
const refusal = answer(422, {}, 'no such order');
const quick = (retry: number, deadLetterSink?: DeliverySpec['deadLetterSink']): DeliverySpec => ({
  ...{ retry, backoffDelay: 'PT0.01S' },
  ...(deadLetterSink && { deadLetterSink }),
});

/** What a letter says of its failure. */
function annotationsOf(letter: ReceivedRequest | undefined): Record<string, unknown> {
  const names = [
    'knativeerrordest',
    'knativeerrorcode',
    'knativeerrordata',
    'millraceerrorreason',
    'millraceerrorcount',
  ];
  return Object.fromEntries(names.map((name) => [name, letter?.headers[`ce-${name}`]]));
}

describe.each(HOMES)('with $home', ({ start }) => {
  let stack: Stack;
  const consumers = new AsyncDisposableStack();

  beforeAll(async () => {
    stack = await start();
  });
  afterEach(() => expectBalanceAtRest(stack.apps));
  afterAll(async () => {
    await consumers.disposeAsync();
    await stack?.stop();
  });

  const consumer = async (...behaviours: Behaviour[]) => consumers.use(await Consumer.start(...behaviours));
  const post = async (channelName: string, id: string) =>
    expect((await postEvent(`${stack.ingress}/default/${channelName}`, id, '{"amount":12}')).status).toBe(202);
  const letterAt = async (sink: Consumer) => {
    await eventually('the letter is there', () => sink.requests.length > 0 || undefined);
    return sink.requests[0];
  };
  /** What `/accounting` says once so many events lie among the dead letters. */
  const accounting = (name: string, deadLettered = 1) =>
    eventually(`${name} has ${deadLettered} dead letters`, async () => {
      const entry = await readAccountingEntry(stack.apps, name);
      return entry?.store?.deadLettered === deadLettered ? entry : undefined;
    });

  describe('an event that cannot be delivered', () => {
    it('goes to the sink as it was, with what is known of its failure', async () => {
      const [failing, sink] = [await consumer(noRoom), await consumer(status(202))];
      const delivery = quick(2, { uri: `${sink.origin}/letters` });
      await createRoute(stack.client, channel('uri'), [
        subscription('to-uri', 'uri', `${failing.origin}/in`, delivery),
      ]);
      await post('uri', 'A1');

      const letter = await letterAt(sink);
      expect(letter).toMatchObject({ path: '/letters', headers: { 'ce-id': 'A1', 'ce-source': '/suite' } });
      expect(letter?.body.toString()).toBe('{"amount":12}');
      expect(annotationsOf(letter)).toEqual({
        knativeerrordest: `${failing.origin}/in`,
        knativeerrorcode: '503',
        knativeerrordata: base64('no room'),
        millraceerrorreason: 'retries-exhausted',
        millraceerrorcount: '1',
      });
      expect(await accounting('to-uri')).toMatchObject({ process: { deadLetteredBy: { sink: 1, place: 0 } } });
      expect(idsAt(failing)).toEqual(['A1', 'A1', 'A1']);
    });

    it('is attempted once more than there are retries, no more and no less', async () => {
      const retries = [0, 1, 5];
      const failing = await Promise.all(retries.map(() => consumer(noRoom)));
      const subscriptions = retries.map((retry, index) =>
        subscription(`retry-${retry}`, 'retries', failing[index]!.origin, quick(retry)),
      );
      await createRoute(stack.client, channel('retries'), subscriptions);
      await post('retries', 'A1');

      for (const retry of retries) expect((await accounting(`retry-${retry}`)).process?.attempts).toBe(retry + 1);
      expect(failing.map(({ requests }) => requests.length)).toEqual([1, 2, 6]);
    });

    it('goes to the sink that is a Service, at once where no retry helps', async () => {
      const [refusing, sink] = [await consumer(refusal), await consumer(status(202))];
      await createService(stack.client, 'letters', sink.origin);
      const delivery = quick(5, { ref: { apiVersion: 'v1', kind: 'Service', name: 'letters' } });
      await createRoute(stack.client, channel('service'), [
        subscription('to-service', 'service', refusing.origin, delivery),
      ]);
      await post('service', 'A1');

      expect(annotationsOf(await letterAt(sink))).toMatchObject({
        knativeerrorcode: '422',
        knativeerrordata: base64('no such order'),
        millraceerrorreason: 'not-retryable',
      });
      const found = await stack.client.get(SUBSCRIPTION, { namespace: 'default', name: 'to-service' });
      expect(found?.status?.physicalSubscription?.deadLetterSinkURI).toBe(`${sink.origin}/`);
      expect(refusing.requests).toHaveLength(1);
    });

    it('goes to the sink that is another Channel, which delivers it like any event', async () => {
      const [refusing, reader] = [await consumer(refusal), await consumer(status(200))];
      await createRoute(stack.client, channel('letters'), [subscription('letter-reader', 'letters', reader.origin)]);
      const ref = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'letters' };
      // The default of its Channel for a Subscription that has no delivery of its own.
      const made = channel('to-channel', { delivery: quick(0, { ref }) });
      await createRoute(stack.client, made, [subscription('to-channel', 'to-channel', refusing.origin)]);
      await post('to-channel', 'A1');

      expect(annotationsOf(await letterAt(reader))).toMatchObject({
        knativeerrordest: refusing.origin,
        knativeerrorcode: '422',
        millraceerrorreason: 'not-retryable',
      });
      expect(await accounting('to-channel')).toMatchObject({ process: { deadLetteredBy: { sink: 1, place: 0 } } });
    });

    it('is kept at the place of the store where there is no sink, for all to see', async () => {
      const failing = await consumer(status(500), refusal, noRoom);
      await createRoute(stack.client, channel('kept'), [subscription('kept', 'kept', failing.origin, quick(1))]);
      for (const id of ['A1', 'A2']) await post('kept', id);

      expect(await accounting('kept', 2)).toMatchObject({
        process: { deadLetteredBy: { sink: 0, place: 2 } },
        deadLettersWaiting: 2,
      });
      expect(await readAccount(stack.apps, 'kept')).toMatchObject({
        settled: { 'dead-lettered': 2 },
        deadLettersWaiting: 2,
      });
    });

    it('is kept there as well where the sink does not take it, after as many attempts', async () => {
      const [refusing, sink] = [await consumer(refusal), await consumer(noRoom)];
      const delivery = quick(2, { uri: sink.origin });
      await createRoute(stack.client, channel('sinking'), [
        subscription('sinking', 'sinking', refusing.origin, delivery),
      ]);
      await post('sinking', 'A1');

      expect(await accounting('sinking')).toMatchObject({
        process: { deadLetteredBy: { sink: 0, place: 1 }, sinkAttemptsByResult: { 503: 3 } },
        deadLettersWaiting: 1,
      });
      expect(idsAt(sink)).toEqual(['A1', 'A1', 'A1']);
    });

    it('is the original where it is the reply that nobody takes', async () => {
      const reply = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/replies', 'ce-type': 'reply' };
      const [replying, refusing] = [await consumer(answer(200, reply, 'done')), await consumer(noRoom)];
      const sink = await consumer(status(202));
      const made = subscription('not-replied', 'not-replied', replying.origin, quick(1, { uri: sink.origin }));
      await createRoute(stack.client, channel('not-replied'), [withSpec(made, { reply: { uri: refusing.origin } })]);
      await post('not-replied', 'A1');

      const letter = await letterAt(sink);
      expect(letter?.headers['ce-id']).toBe('A1');
      expect(letter?.body.toString()).toBe('{"amount":12}');
      expect(annotationsOf(letter)).toMatchObject({ knativeerrordest: refusing.origin, knativeerrorcode: '503' });
      expect(idsAt(replying)).toEqual(['A1', 'A1']);
      expect(idsAt(refusing)).toEqual(['R1', 'R1']);
      expect((await accounting('not-replied')).process?.replies).toMatchObject({ taken: 0, failed: 2 });
    });

    it('is given up where it goes round in a circle, and kept from the sink', async () => {
      const sink = await consumer(status(202));
      const delivery = quick(0, { uri: sink.origin });
      const itself = `${stack.ingress}/default/circle`;
      await createRoute(stack.client, channel('circle'), [subscription('circle', 'circle', itself, delivery)]);
      await post('circle', 'A1');

      expect(await accounting('circle')).toMatchObject({ process: { deadLetteredBy: { sink: 0, place: 1 } } });
      await expectBalanceAtRest(stack.apps);
      expect((await readAccount(stack.apps, 'circle')).settled).toMatchObject({ delivered: 64, 'dead-lettered': 1 });
      expect(sink.requests).toEqual([]);
    });

    it('goes round three times through a sink that leads back, and is kept at the place then', async () => {
      const refusing = await consumer(refusal);
      const delivery = quick(0, { uri: `${stack.ingress}/default/back` });
      await createRoute(stack.client, channel('back'), [subscription('back', 'back', refusing.origin, delivery)]);
      await post('back', 'A1');

      const entry = await accounting('back', 4);
      expect(entry).toMatchObject({ process: { deadLetteredBy: { sink: 3, place: 1 } }, deadLettersWaiting: 1 });
      const counts = refusing.requests.map(({ headers }) => headers['ce-millraceerrorcount']);
      expect(counts).toEqual([undefined, '1', '2', '3']);
    });
  });

  describe('an answer', () => {
    it('with 200 and an event is a reply, which goes to the reply Channel; with 202 it is none', async () => {
      const subscriber = await consumer((response, request) => {
        const id = idOf(request);
        response.writeHead(id === 'answered' ? 200 : 202, eventHeaders(`reply-to-${id}`)).end('"done"');
      });
      const reader = await consumer(status(200));
      await createRoute(stack.client, channel('replies'), [subscription('reader', 'replies', reader.origin)]);
      const reply = { channel: { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'replies' } };
      const made = withSpec(subscription('replying', 'questions', subscriber.origin), { reply });
      await createRoute(stack.client, channel('questions'), [made]);
      await post('questions', 'accepted');
      await arrived(subscriber, ['accepted']);
      await post('questions', 'answered');

      await arrived(reader, ['reply-to-answered']);
      await expectBalanceAtRest(stack.apps);
      expect(idsAt(reader)).toEqual(['reply-to-answered']);
      expect(reader.requests[0]?.body.toString()).toBe('"done"');
      const entry = await readAccountingEntry(stack.apps, 'replying');
      expect(entry?.process?.replies).toMatchObject({ taken: 1, failed: 0 });
    });

    it.each([429, 503])('%i with Retry-After is the last one for as long as it asks', async (code) => {
      const attemptsAt: number[] = [];
      const noting =
        (behaviour: Behaviour): Behaviour =>
        (response, request) => {
          attemptsAt.push(performance.now());
          behaviour(response, request);
        };
      const subscriber = await consumer(noting(status(code, { 'retry-after': '1' })), noting(status(200)));
      const name = `retry-after-${code}`;
      const made = subscription(name, name, subscriber.origin, { backoffDelay: 'PT0.01S' });
      await createRoute(stack.client, channel(name), [made]);
      await post(name, 'A1');

      await subscriber.received(2);
      const [first = 0, second = 0] = attemptsAt;
      expect(second - first).toBeGreaterThan(1000 - TIMER_EARLY_MS);
    });
  });
});

/** Timers may fire so much early by another clock than their own. */
const TIMER_EARLY_MS = 5;
