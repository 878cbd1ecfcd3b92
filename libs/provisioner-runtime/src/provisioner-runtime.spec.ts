import type { Channel, ChannelSubscriber } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@millrace/testing';
import { DurableStore } from '../test/durable-store.js';
import { ProvisionerHarness } from '../test/provisioner-harness.js';
import { channelObject, provisionerObject, subscriber, subscriptionObject } from '../test/test-objects.js';

let harness: ProvisionerHarness;

beforeEach(async () => {
  harness = await ProvisionerHarness.create();
});

afterEach(() => harness.close());

const received = (consumer: { ids: string[] }, ...ids: string[]) =>
  eventually(() => expect([...consumer.ids].sort()).toEqual(ids.sort()));

describe('an event', () => {
  it('is delivered to every subscriber as it came in, after a 202', async () => {
    const [a, b] = [await harness.consumer(), await harness.consumer()];
    await harness.startWith([subscriber('a', a.url), subscriber('b', b.url)]);
    expect((await harness.post('1', { headers: { 'ce-color': 'red' } })).status).toBe(202);
    await received(a, '1');
    await received(b, '1');
    expect(a.received[0]).toMatchObject({
      headers: { 'ce-id': '1', 'ce-color': 'red', 'content-type': 'text/plain', 'knative-hop-count': '1' },
      body: Buffer.from('body of 1'),
    });
  });

  it('reaches the Channel by path, by the host of its Service and by its virtual host', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    const { hostname } = (await harness.channel())!.status!.address!;
    const hosts = [hostname!, `${hostname!}:80`, 'orders.default.channels.cluster.local'];
    for (const host of hosts) expect((await harness.post(host, { path: '/', headers: { host } })).status).toBe(202);
    await received(consumer, ...hosts);
  });

  it('for a Channel that nobody has made is refused with 404', async () => {
    await harness.startWith([]);
    expect(await harness.post('1', { path: '/default/nope' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('default/nope'),
    });
  });

  it('for a Channel that cannot work is refused with 503 and the reason', async () => {
    harness.api.put(provisionerObject('in-memory'));
    harness.api.put(channelObject({ arguments: { partitions: 3 } }));
    await harness.start();
    await eventually(async () =>
      expect(await harness.post('1')).toMatchObject({
        status: 503,
        text: expect.stringContaining('spec.arguments.partitions'),
      }),
    );
  });

  it('for a Channel whose store somebody has deleted is refused with 503 until all is made again, and none is missed', async () => {
    const store = new DurableStore();
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)], { providers: [store.provider] });
    store.missing = 'unnoticed';

    expect(await harness.post('1')).toMatchObject({ status: 503, retryAfter: '1', text: 'nothing of that name\n' });

    await eventually(async () => expect((await harness.post('2')).status).toBe(202));
    await eventually(() => expect(consumer.ids).toContain('2'));
    // What was stored before the Subscription was made again is part of it.
    await eventually(() => expect(store.starts).toEqual(['a now', 'a earliest']));
    expect(harness.logger.lines.filter((line) => line.includes('it is made again'))).toHaveLength(1);
  });

  it('is not missed where the store of a Channel had to be made again', async () => {
    const store = new DurableStore();
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)], { providers: [store.provider] });
    store.wasGone = true;
    await harness.edit((channel) => ({ ...channel, metadata: { ...channel.metadata, labels: { looked: 'again' } } }));

    await eventually(() => expect(store.starts).toEqual(['a now', 'a earliest']));
    expect(harness.logger.lines.filter((line) => line.includes('it is made again'))).toHaveLength(1);
  });

  it('that names a Channel by an old UID is refused with 404', async () => {
    await harness.startWith([]);
    const { uid } = (await harness.channel())!.metadata;
    expect((await harness.post('1', { headers: { 'millrace-channel-uid': uid! } })).status).toBe(202);
    expect((await harness.post('1', { headers: { 'millrace-channel-uid': 'other' } })).status).toBe(404);
  });

  it('is not held up by a consumer of somebody else that is dead', async () => {
    const [dead, alive] = [await harness.consumer(), await harness.consumer()];
    dead.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('dead', dead.url), subscriber('alive', alive.url)]);
    const ids = Array.from({ length: 200 }, (_, index) => `e${index}`);
    const answers = await Promise.all(ids.map((id) => harness.post(id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await received(alive, ...ids);
  });

  it('gets 429 and Retry-After when a queue is full, and reaches nobody', async () => {
    const [slow, fast] = [await harness.consumer(), await harness.consumer()];
    slow.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('slow', slow.url), subscriber('fast', fast.url)], {
      parameters: { maxQueuedEvents: 2 },
    });
    expect((await harness.post('1')).status).toBe(202);
    expect((await harness.post('2')).status).toBe(202);
    const refused = await harness.post('3');
    expect(refused).toMatchObject({ status: 429, text: expect.stringContaining('slow') });
    expect(Number(refused.retryAfter)).toBeGreaterThanOrEqual(1);
    await received(fast, '1', '2');
  });
});

describe('a dead letter sink that leads back to its own Channel', () => {
  it('gets each event three times, whoever fails, and no more', async () => {
    const [a, b] = [await harness.consumer(), await harness.consumer()];
    for (const consumer of [a, b]) consumer.answer = () => Promise.resolve(400);
    await harness.startWith([]);
    const deadLetterSinkURI = `${harness.intakeUrl}/default/orders`;
    const subscribers = [a, b].map(({ url }, index) => ({ ...subscriber(`s${index}`, url), deadLetterSinkURI }));
    for (const { ref } of subscribers) harness.api.put(subscriptionObject(ref!.name!));
    const channel = (await harness.channel())!;
    harness.api.put({ ...channel, spec: { ...channel.spec, subscribable: { subscribers } } });
    await harness.ready(2);
    expect((await harness.post('1')).status).toBe(202);
    // 1 event, 2 letters of it, 4 of those, 8 of those; the 16 that they become stay where they are.
    await eventually(async () => {
      const { subscriptions } = await harness.accounting();
      expect(subscriptions.map(({ deadLettersWaiting }) => deadLettersWaiting)).toEqual([8, 8]);
    });
    expect([a.ids.length, b.ids.length]).toEqual([15, 15]);
  });
});

describe('a request with several events', () => {
  const batch = (...ids: string[]) => ({
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(ids.map((id) => ({ specversion: '1.0', id, source: '/test', type: 'test' }))),
  });

  it('is taken in whole: each event reaches every subscriber', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    expect((await harness.post('', batch('1', '2', '3'))).status).toBe(202);
    await received(consumer, '1', '2', '3');
    expect(consumer.received[0]?.headers['content-type']).toMatch(/^application\/cloudevents\+json/);
  });

  it('of which a part was stored gets 503: to be sent again, although a part comes twice then', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('a', consumer.url)], { parameters: { maxQueuedEvents: 3 } });
    expect((await harness.post('1')).status).toBe(202);
    expect(await harness.post('', batch('2', '3', '4'))).toMatchObject({
      status: 503,
      retryAfter: expect.stringMatching(/^\d+$/),
      text: expect.stringContaining('2 of the 3 events were taken'),
    });
    expect((await harness.post('', batch('5', '6'))).status).toBe(429);
    await received(consumer, '1', '2', '3');
  });

  it('that the store could never hold together gets 413, and nothing of it is taken', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)], { parameters: { maxQueuedEvents: 2 } });
    expect(await harness.post('', batch('1', '2', '3'))).toMatchObject({
      status: 413,
      text: expect.stringContaining('3 events; the store of this Channel holds at most 2'),
    });
    expect((await harness.post('', batch('4', '5'))).status).toBe(202);
    await received(consumer, '4', '5');
  });
});

describe('a Channel of in-memory-channel', () => {
  const spec = { provisioner: { name: 'in-memory-channel' } };

  it('answers 202 after every subscriber did, and 500 naming those that failed, without a retry', async () => {
    const [good, bad] = [await harness.consumer(), await harness.consumer()];
    const subscribers = [subscriber('good', good.url), subscriber('bad', bad.url)];
    await harness.startWith(subscribers, { spec: { ...spec, subscribable: { subscribers } } });
    expect((await harness.post('1')).status).toBe(202);
    expect([good.ids, bad.ids]).toEqual([['1'], ['1']]);
    bad.answer = () => 503;
    const failed = await harness.post('2');
    expect(failed).toMatchObject({ status: 500, text: expect.stringMatching(/Subscription bad\b/) });
    expect([good.ids, bad.ids]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });
});

describe('the subscribers of a Channel', () => {
  it('are followed while events flow: another address, a new one, one that goes and comes back', async () => {
    const [old, moved, late] = [await harness.consumer(), await harness.consumer(), await harness.consumer()];
    await harness.startWith([subscriber('a', old.url)]);
    await harness.post('1');
    await received(old, '1');
    const list = (subscribers: ChannelSubscriber[]) =>
      harness.edit((channel) => ({ ...channel, spec: { ...channel.spec, subscribable: { subscribers } } }));

    harness.api.put(subscriptionObject('b'));
    await list([subscriber('a', moved.url), subscriber('b', late.url)]);
    await harness.ready(2);
    await harness.post('2');
    await received(moved, '2');
    await received(late, '2');

    await list([subscriber('b', late.url)]);
    await harness.ready(1);
    await harness.post('3');
    await received(late, '2', '3');
    expect(moved.ids).toEqual(['2']);

    await list([subscriber('a', moved.url), subscriber('b', late.url)]);
    await received(moved, '2', '3');
    expect(old.ids).toEqual(['1']);
  });
});

describe('a Subscription', () => {
  const inMemory = () =>
    [...harness.runtime.stores.openStores()].find(({ origin }) => origin.provisioner === 'in-memory')!;
  const list = (...subscribers: ChannelSubscriber[]) =>
    harness.edit((channel) => ({ ...channel, spec: { ...channel.spec, subscribable: { subscribers } } }));

  it('made anew while the store forgets its namesake is served as a new one', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)], { resumeGracePeriodMs: 0 });
    const { driver } = inMemory();
    const [asked, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const forget = driver.deleteSubscription.bind(driver);
    driver.deleteSubscription = async (subscription) => {
      asked.resolve(undefined);
      await held.promise;
      return forget(subscription);
    };
    harness.api.remove(subscriptionObject('a'));
    await list();
    await asked.promise;
    harness.api.put(subscriptionObject('a'));
    await list({ ...subscriber('a', consumer.url), uid: 'anew' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    held.resolve(undefined);
    await eventually(async () => {
      expect((await harness.channel())?.status?.subscribers).toMatchObject([{ uid: 'anew', ready: 'True' }]);
    });
    expect((await harness.post('1')).status).toBe(202);
    await received(consumer, '1');
    expect(harness.logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('whose consumption the store took away is ensured and consumed again', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    const store = inMemory();
    const { uid = '' } = (await harness.channel())!.metadata;
    await store.driver.deleteSubscription({ channel: store.channel(uid)!.driverChannel, name: 'a', uid: 'uid-of-a' });
    await eventually(async () => {
      await harness.post('1');
      expect(consumer.ids).toContain('1');
    });
    expect(harness.logger.lines).toContain('warn: A consumption was lost; it begins anew');
  });
});

describe('a deleted Channel', () => {
  const deleting = (channel: Channel): Channel => ({
    ...channel,
    metadata: { ...channel.metadata, deletionTimestamp: new Date().toISOString() },
  });
  const finalizers = async () => (await harness.channel())?.metadata.finalizers;

  it('takes nothing in, delivers what waits, and then lets go', async () => {
    const consumer = await harness.consumer();
    const held = Promise.withResolvers<number>();
    consumer.answer = () => held.promise;
    await harness.startWith([subscriber('a', consumer.url)]);
    for (const id of ['1', '2']) expect((await harness.post(id)).status).toBe(202);
    await harness.edit(deleting);
    await eventually(async () => expect((await harness.post('3')).status).toBe(404));
    expect(await finalizers()).toEqual(['in-memory-channel-controller']);
    held.resolve(200);
    await eventually(async () => expect(await finalizers()).toEqual([]));
    expect(consumer.ids.sort()).toEqual(['1', '2']);
  });

  it('that the process finds at its start holds nothing, so it goes at once', async () => {
    harness.api.put(provisionerObject('in-memory'));
    const metadata = { finalizers: ['in-memory-channel-controller'], deletionTimestamp: new Date().toISOString() };
    harness.api.put(
      channelObject({ subscribable: { subscribers: [subscriber('a', 'http://127.0.0.1:1/')] } }, metadata),
    );
    await harness.start({ deletionGracePeriodMs: 3_600_000 });
    await eventually(async () => expect(await finalizers()).toEqual([]));
  });

  it('lets go when the grace period is over, and counts what it took along', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('a', consumer.url)], { deletionGracePeriodMs: 0 });
    await harness.post('1');
    const [store] = [...harness.runtime.stores.openStores()].filter(({ origin }) => origin.provisioner === 'in-memory');
    const [account] = [...store!.driver.accounts!()];
    await harness.edit(deleting);
    await eventually(async () => expect(await finalizers()).toEqual([]));
    expect(account).toMatchObject({ accepted: 1, pending: 0, droppedByReason: new Map([['channel-deleted', 1]]) });
  });
});
