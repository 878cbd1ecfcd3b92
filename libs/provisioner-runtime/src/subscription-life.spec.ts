import { findCondition, type Channel, type ChannelSubscriber } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@millrace/testing';
import { DurableStore } from '../test/durable-store.js';
import { ProvisionerHarness } from '../test/provisioner-harness.js';
import { subscriber, subscriptionObject } from '../test/test-objects.js';

let harness: ProvisionerHarness;

beforeEach(async () => {
  harness = await ProvisionerHarness.create();
});

afterEach(() => harness.close());

const list = (...subscribers: ChannelSubscriber[]) =>
  harness.edit((channel) => ({ ...channel, spec: { ...channel.spec, subscribable: { subscribers } } }));

const statuses = async () => (await harness.channel())?.status?.subscribers ?? [];

const accountOf = async (subscription: string) =>
  (await harness.accounting()).subscriptions.find((each) => each.subscription === subscription);

/** Whether the events of Subscription a are handed out; undefined where it is not consumed. */
async function flows(): Promise<boolean | undefined> {
  const { uid = '' } = (await harness.channel())!.metadata;
  const hosted = harness.runtime.stores.open('in-memory')?.channel(uid);
  return hosted?.consumptions.active().find(({ name }) => name === 'a')?.flows;
}

async function postAll(ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 50) {
    const answers = await Promise.all(ids.slice(start, start + 50).map((id) => harness.post(id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  }
}

const idsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('a Subscription that is deleted and made anew', () => {
  it('with 1,000 events waiting loses none, nor those that come meanwhile, and its account goes on', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => 503;
    await harness.startWith([subscriber('a', consumer.url)]);
    const before = idsOf('before-', 1000);
    await postAll(before);
    harness.api.remove(subscriptionObject('a'));
    await list();
    await eventually(async () => expect(await statuses()).toMatchObject([{ name: 'a', ready: 'False' }]));
    expect((await accountOf('a'))?.store).toMatchObject({ accepted: 1000, pending: 1000 });
    const meanwhile = idsOf('meanwhile-', 20);
    await postAll(meanwhile);

    consumer.answer = () => 200;
    harness.api.put(subscriptionObject('a'));
    await list({ ...subscriber('a', consumer.url), uid: 'anew' });
    await eventually(async () => {
      expect(await statuses()).toMatchObject([{ uid: 'anew', ready: 'True' }]);
      expect((await accountOf('a'))?.store).toMatchObject({ pending: 0 });
    });
    expect(new Set(consumer.ids)).toEqual(new Set([...before, ...meanwhile]));
    const { process, store } = (await accountOf('a'))!;
    expect(store).toMatchObject({ accepted: 1020, delivered: 1020, dropped: 0, balanced: true });
    expect(process).toMatchObject({ delivered: 1020, inFlight: 0, balanced: true });
  });

  it('while its consumer is busy with an event gets that one once where it is done with it in time', async () => {
    const consumer = await harness.consumer();
    const held = Promise.withResolvers<number>();
    consumer.answer = () => held.promise;
    await harness.startWith([subscriber('a', consumer.url)]);
    await harness.post('1');
    await eventually(() => expect(consumer.ids).toEqual(['1']));
    harness.api.remove(subscriptionObject('a'));
    await list();
    await eventually(async () => expect(await flows()).toBeUndefined());
    held.resolve(200);
    await eventually(async () => expect(await statuses()).toMatchObject([{ name: 'a', ready: 'False' }]));
    harness.api.put(subscriptionObject('a'));
    await list({ ...subscriber('a', consumer.url), uid: 'anew' });
    await harness.post('2');
    await eventually(() => expect(consumer.ids).toEqual(['1', '2']));
  });

  it('finds its dead letters again', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => 400;
    await harness.startWith([subscriber('a', consumer.url)]);
    await postAll(['1', '2']);
    await eventually(async () => expect(await accountOf('a')).toMatchObject({ deadLettersWaiting: 2 }));
    harness.api.remove(subscriptionObject('a'));
    await list();
    await eventually(async () => expect(await statuses()).toMatchObject([{ ready: 'False' }]));
    expect(await accountOf('a')).toMatchObject({ deadLettersWaiting: 2 });
    harness.api.put(subscriptionObject('a'));
    await list({ ...subscriber('a', consumer.url), uid: 'anew' });
    await harness.ready(1);
    await postAll(['3']);
    await eventually(async () =>
      expect(await accountOf('a')).toMatchObject({
        deadLettersWaiting: 3,
        process: { deadLetteredBy: { sink: 0, place: 3 }, balanced: true },
        store: { deadLettered: 3, balanced: true },
      }),
    );
  });

  it('loses them with its position where nothing is kept', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => 400;
    await harness.startWith([subscriber('a', consumer.url)], { resumeGracePeriodMs: 0 });
    await postAll(['1']);
    await eventually(async () => expect(await accountOf('a')).toMatchObject({ deadLettersWaiting: 1 }));
    harness.api.remove(subscriptionObject('a'));
    await list();
    await eventually(async () => expect(await statuses()).toEqual([]));
    expect(await accountOf('a')).toBeUndefined();
    expect([...harness.runtime.stores.deadLetterLosses.samples()]).toMatchObject([{ value: 1 }]);
  });
});

describe('a Subscription that is paused', () => {
  it('gets nothing until it is resumed, and then everything once', async () => {
    const consumer = await harness.consumer();
    const [running, paused] = [subscriber('a', consumer.url), { ...subscriber('a', consumer.url), paused: true }];
    await harness.startWith([running]);
    const ids = idsOf('', 300);
    await postAll(ids.slice(0, 100));
    await list(paused);
    await eventually(async () => {
      expect(await flows()).toBe(false);
      expect((await accountOf('a'))?.process).toMatchObject({ inFlight: 0 });
    });
    const seen = consumer.ids.length;
    await postAll(ids.slice(100, 200));
    expect((await accountOf('a'))?.store).toMatchObject({ delivered: seen, pending: 200 - seen });
    expect(consumer.ids).toHaveLength(seen);
    expect(await statuses()).toMatchObject([{ ready: 'True' }]);
    await list(running);
    await postAll(ids.slice(200));
    await eventually(() => expect(consumer.ids).toHaveLength(300));
    expect(new Set(consumer.ids)).toEqual(new Set(ids));
  });

  it('does not hold up the end of the process', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([{ ...subscriber('a', consumer.url), paused: true }]);
    await postAll(['1']);
    const started = Date.now();
    await harness.stop(AbortSignal.timeout(10_000));
    expect(Date.now() - started).toBeLessThan(5000);
    expect(consumer.ids).toEqual([]);
    expect(harness.logger.lines).toContain('warn: Events in memory were abandoned');
  });
});

describe('dead letters that cannot be stored', () => {
  const condition = async () => findCondition((await harness.channel())?.status?.conditions, 'DeadLettersStored');

  it('pause their Subscription, which the Channel tells, until they can', async () => {
    const [bad, good] = [await harness.consumer(), await harness.consumer()];
    bad.answer = () => 400;
    const store = new DurableStore();
    store.lettersRefusedBecause = 'topic authorization failed';
    await harness.startWith([subscriber('bad', bad.url), subscriber('good', good.url)], {
      providers: [store.provider],
    });
    expect(await condition()).toBeUndefined();
    await postAll(['1']);
    await eventually(async () =>
      expect(await condition()).toMatchObject({
        status: 'False',
        severity: 'Warning',
        reason: 'DeadLettersNotStored',
        message: 'Those of Subscription bad cannot be stored: topic authorization failed',
      }),
    );
    expect(findCondition((await harness.channel())?.status?.conditions, 'Ready')?.status).toBe('True');
    await postAll(['2', '3']);
    await eventually(() => expect(good.ids).toHaveLength(3));
    expect(bad.ids).toEqual(['1']);
    expect((await accountOf('bad'))?.process).toMatchObject({ deadLettered: 0, dropped: 0, inFlight: 1 });

    store.lettersRefusedBecause = undefined;
    await eventually(async () => expect(await accountOf('bad')).toMatchObject({ deadLettersWaiting: 3 }));
    expect(bad.ids.sort()).toEqual(['1', '2', '3']);
    await eventually(async () => expect(await condition()).toMatchObject({ status: 'True' }));
    expect((await harness.accounting()).balanced).toBe(true);
  });

  it('in memory are dropped beyond the bound, counted, and pause nobody', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => 400;
    await harness.startWith([subscriber('a', consumer.url)], { parameters: { maxDeadLetters: 2 } });
    await postAll(idsOf('', 5));
    await eventually(async () =>
      expect(await accountOf('a')).toMatchObject({
        deadLettersWaiting: 2,
        process: { deadLettered: 2, droppedByReason: { 'dead-letters-full': 3 }, balanced: true },
      }),
    );
    expect(await condition()).toBeUndefined();
  });
});

describe('a Channel that is deleted', () => {
  it('takes the dead letters of its Subscriptions with it, counted and logged', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => 400;
    await harness.startWith([subscriber('a', consumer.url)]);
    await postAll(['1', '2']);
    await eventually(async () => expect(await accountOf('a')).toMatchObject({ deadLettersWaiting: 2 }));
    await harness.edit((channel: Channel) => ({
      ...channel,
      metadata: { ...channel.metadata, deletionTimestamp: new Date().toISOString() },
    }));
    await eventually(async () => expect((await harness.channel())?.metadata.finalizers).toEqual([]));
    const of = { namespace: 'default', channel: 'orders', subscription: 'a' };
    expect([...harness.runtime.stores.deadLetterLosses.samples()]).toEqual([{ labels: of, value: 2 }]);
    expect(harness.logger.lines).toContain('warn: Dead letters were deleted with their Subscription');
  });
});

describe('a Subscription that asks for what its provisioner cannot do', () => {
  it('is told so, and gets nothing', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    await list({ ...subscriber('a', consumer.url), uid: 'anew', startPosition: 'earliest' });
    await eventually(async () =>
      expect((await statuses())[0]).toMatchObject({
        uid: 'anew',
        ready: 'False',
        message: 'The provisioner of the Channel cannot begin at startPosition "earliest"; it can at resume, latest',
      }),
    );
  });
});
