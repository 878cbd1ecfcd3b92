import type { ChannelSubscriber, DriverSubscription, StoredEvent } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingLogger } from '@millrace/testing';
import { ChannelReconcileHarness, type ReconcileSetup } from '../../test/channel-reconcile.js';
import { DurableStore } from '../../test/durable-store.js';
import {
  channelObject,
  provisionerObject,
  storedEvent,
  subscriber,
  subscriptionObject,
} from '../../test/test-objects.js';
import { deadLetterChannel, deadLetterReader } from '../dead-letters/dead-letter-channel.js';

let harness: ChannelReconcileHarness;

beforeEach(async () => {
  harness = await ChannelReconcileHarness.start();
});

afterEach(() => harness.close());

const HOUR_MS = 3_600_000;
const NOWHERE = 'http://127.0.0.1:1/';

const entry = (name: string, more: Partial<ChannelSubscriber> = {}): ChannelSubscriber => ({
  // Paused, so that nothing leaves the store.
  ...{ ...subscriber(name, NOWHERE), paused: true },
  ...more,
});
const list = (...subscribers: ChannelSubscriber[]) => ({ subscribable: { subscribers } });

/** A process that has a Channel with these subscribers, whose Subscriptions exist. */
async function startWith(subscribers: readonly ChannelSubscriber[], setup: ReconcileSetup = {}) {
  for (const { ref } of subscribers) harness.server.put(subscriptionObject(ref!.name!));
  const process = await harness.process(channelObject(list(...subscribers)), setup);
  await process.run();
  const store = process.stores.open('in-memory')!;
  const { driverChannel } = store.channel(process.uid)!;
  const subscription = (name: string): DriverSubscription => ({ channel: driverChannel, name, uid: `uid-of-${name}` });
  return {
    ...process,
    driver: store.driver,
    driverChannel,
    publish: (event: StoredEvent) => store.driver.publish(driverChannel, event, undefined),
    pending: async (name: string) => (await store.driver.backlog(subscription(name)))?.pending,
  };
}

describe('a Subscription that the Channel lists no more', () => {
  it('keeps what waits for it as long as it exists', async () => {
    const { edit, publish, pending } = await startWith([entry('a')]);
    await publish(storedEvent('1'));
    const { outcome, after } = await edit(list());
    expect(outcome).toEqual({ requeueAfterMs: 30_000 });
    expect(await pending('a')).toBe(1);
    expect(after.status?.subscribers).toEqual([
      {
        uid: 'uid-of-a',
        name: 'a',
        ready: 'Unknown',
        message: 'The Channel does not list the Subscription; its events wait until it does',
      },
    ]);
  });

  it('keeps it for an hour once it is deleted, told in the status, with what is stored meanwhile', async () => {
    const { run, edit, publish, pending } = await startWith([entry('a'), entry('b')]);
    await publish(storedEvent('1'));
    harness.server.remove(subscriptionObject('a'));
    const { outcome, after } = await edit(list(entry('b')));
    expect(after.status?.subscribers).toEqual([
      { uid: 'uid-of-b', name: 'b', observedGeneration: 1, ready: 'True' },
      {
        uid: 'uid-of-a',
        name: 'a',
        ready: 'False',
        message: 'The Subscription was deleted; one that is made under its name goes on where it stood',
        resumableUntil: '2026-01-02T04:04:06Z',
      },
    ]);
    expect(outcome).toEqual({ requeueAfterMs: HOUR_MS + 322 });
    expect((await run()).writes).toEqual([]);
    await publish(storedEvent('2'));
    expect(await pending('a')).toBe(2);
  });

  it('loses it when the hour is over, counted and logged, with its dead letters', async () => {
    const logger = new RecordingLogger();
    const { run, edit, publish, pending, stores, driver, driverChannel, uid } = await startWith([entry('a')], {
      logger,
    });
    await publish(storedEvent('1'));
    await stores.open('in-memory')!.channel(uid)!.deadLetters.placeOf('a')!.store(storedEvent('letter'));
    harness.server.remove(subscriptionObject('a'));
    await edit(list());
    harness.clock.advance(HOUR_MS + 322);
    const { outcome, after } = await run();
    expect(outcome).toEqual({ requeueAfterMs: undefined });
    expect(after.status?.subscribers).toEqual([]);
    expect(await pending('a')).toBeUndefined();
    expect(await driver.backlog(deadLetterReader(deadLetterChannel(driverChannel, 'a')))).toBeUndefined();
    expect([...stores.accounts()]).toMatchObject([{ droppedByReason: new Map([['subscription-deleted', 1]]) }]);
    const of = { namespace: 'default', channel: 'orders', subscription: 'a' };
    expect([...stores.deadLetterLosses.samples()]).toEqual([{ labels: of, value: 1 }]);
    expect(logger.lines.map((line, index) => [line, logger.fields[index]])).toEqual([
      ['info: The store is open', {}],
      ['warn: Dead letters were deleted with their Subscription', { ...of, lost: 1 }],
      ['warn: A deleted Subscription took undelivered events with it', { ...of, dropped: 1 }],
    ]);
  });

  it('keeps it beyond the hour when it exists again, though the Channel does not list it yet', async () => {
    const { run, edit, publish, pending } = await startWith([entry('a')]);
    await publish(storedEvent('1'));
    harness.server.remove(subscriptionObject('a'));
    await edit(list());
    harness.server.put(subscriptionObject('a'));
    harness.clock.advance(2 * HOUR_MS);
    expect((await run()).after.status?.subscribers).toMatchObject([{ uid: 'uid-of-a', ready: 'Unknown' }]);
    expect(await pending('a')).toBe(1);
  });

  it('loses it at once where nobody can come back under its name, or nothing outlives a request', async () => {
    const byHand = { uid: 'by-hand', subscriberURI: NOWHERE, paused: true };
    const { edit, pending } = await startWith([]);
    await edit(list(byHand));
    expect(await pending('by-hand')).toBe(0);
    expect((await edit(list())).after.status?.subscribers).toEqual([]);
    expect(await pending('by-hand')).toBeUndefined();

    const provisioners = [provisionerObject('in-memory', { parameters: { acknowledge: 'delivered' } })];
    const acknowledging = await startWith([entry('a')], { provisioners });
    harness.server.remove(subscriptionObject('a'));
    expect((await acknowledging.edit(list())).after.status?.subscribers).toEqual([]);
    expect(await acknowledging.pending('a')).toBeUndefined();
  });

  it('is detached again where the store failed to, and is told only then', async () => {
    const { run, edit, driver } = await startWith([entry('a')]);
    const detached: string[] = [];
    driver.detachSubscription = ({ name }) => {
      detached.push(name);
      return detached.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    };
    harness.server.remove(subscriptionObject('a'));
    const failed = await edit(list());
    expect(failed.outcome).toBeInstanceOf(Error);
    expect(failed.after.status?.subscribers).toMatchObject([{ name: 'a', ready: 'Unknown' }]);
    expect((await run()).after.status?.subscribers).toMatchObject([{ resumableUntil: expect.any(String) }]);
    await run();
    expect(detached).toEqual(['a', 'a']);
  });

  it('is remembered when a later phase of the reconcile fails', async () => {
    const { run, edit } = await startWith([entry('a')]);
    harness.server.remove(subscriptionObject('a'));
    const told = (await edit(list())).after.status?.subscribers;
    harness.server.intercept = ({ method, path }, response) => {
      if (method !== 'GET' || !path.includes('/services/')) return false;
      response.writeHead(500).end();
      return true;
    };
    const { outcome, after } = await run();
    expect(outcome).toBeInstanceOf(Error);
    expect(after.status?.subscribers).toEqual(told);
  });
});

describe('a Subscription made anew under the name', () => {
  const anew = (more: Partial<ChannelSubscriber> = {}) => entry('a', { uid: 'anew', ...more });

  it('takes over what waits, and the entry of its namesake', async () => {
    const { edit, publish, pending } = await startWith([entry('a')]);
    await publish(storedEvent('1'));
    harness.server.remove(subscriptionObject('a'));
    await edit(list());
    await publish(storedEvent('2'));
    const { after } = await edit(list(anew()));
    expect(after.status?.subscribers).toEqual([{ uid: 'anew', name: 'a', observedGeneration: 1, ready: 'True' }]);
    expect(await pending('a')).toBe(2);
  });

  it('does so too when the Channel never showed a list without it', async () => {
    const { edit, publish, pending } = await startWith([entry('a')]);
    await publish(storedEvent('1'));
    expect((await edit(list(anew()))).after.status?.subscribers).toMatchObject([{ uid: 'anew', ready: 'True' }]);
    expect(await pending('a')).toBe(1);
  });

  it('begins with the latest event where it asks for that, once', async () => {
    const { run, edit, publish, pending } = await startWith([entry('a')]);
    await publish(storedEvent('1'));
    await edit(list());
    await edit(list(anew({ startPosition: 'latest' })));
    expect(await pending('a')).toBe(0);
    await publish(storedEvent('2'));
    await run();
    expect(await pending('a')).toBe(1);
  });

  it('finds the dead letters of its namesake', async () => {
    const { edit, stores, uid } = await startWith([entry('a')]);
    const letters = () => stores.open('in-memory')!.channel(uid)!.deadLetters;
    await letters().placeOf('a')!.store(storedEvent('1'));
    harness.server.remove(subscriptionObject('a'));
    await edit(list());
    await edit(list(anew({ startPosition: 'latest' })));
    expect(await letters().waiting('a')).toBe(1);
  });
});

describe('after a restart', () => {
  const setupOf = (store: DurableStore) => ({ provider: store.provider });

  it('a store that lives in the process has nothing left, and the status says so', async () => {
    const { edit } = await startWith([entry('a'), entry('b')]);
    harness.server.remove(subscriptionObject('a'));
    expect((await edit(list(entry('b')))).after.status?.subscribers).toHaveLength(2);
    const second = await harness.process(undefined);
    expect((await second.run()).after.status?.subscribers).toMatchObject([{ uid: 'uid-of-b', ready: 'True' }]);
  });

  it('a position that was left before is forgotten when its time is over, and not earlier', async () => {
    const store = new DurableStore();
    const first = await startWith([entry('a')], setupOf(store));
    harness.server.remove(subscriptionObject('a'));
    await first.edit(list());
    harness.clock.advance(HOUR_MS / 2);
    const second = await harness.process(undefined, setupOf(store));
    const { outcome, writes } = await second.run();
    expect(outcome).toEqual({ requeueAfterMs: HOUR_MS / 2 + 322 });
    expect(writes).toEqual([]);
    harness.clock.advance(HOUR_MS);
    const third = await harness.process(undefined, setupOf(store));
    expect((await third.run()).after.status?.subscribers).toEqual([]);
    expect(store.calls.slice(-2)).toEqual(['deleteSubscription a', 'deleteChannel dead-letters a']);
  });

  it('a Subscription that was deleted while no process ran is noticed', async () => {
    const store = new DurableStore();
    await startWith([entry('a')], setupOf(store));
    harness.server.remove(subscriptionObject('a'));
    const second = await harness.process(undefined, setupOf(store));
    expect((await second.edit(list())).after.status?.subscribers).toMatchObject([
      { uid: 'uid-of-a', resumableUntil: expect.stringMatching(/^2026-01-02T04/) },
    ]);
  });

  it('a Subscription that was served is not put back to its startPosition', async () => {
    const store = new DurableStore();
    const wanted = entry('a', { startPosition: 'latest' });
    const first = await startWith([wanted], setupOf(store));
    await first.publish(storedEvent('1'));
    const second = await harness.process(undefined, setupOf(store));
    await second.run();
    expect(await first.pending('a')).toBe(1);
    expect(store.calls).not.toContain('deleteSubscription a');
  });

  it('one that was made anew while its address was bad begins where it asks to once that is mended', async () => {
    const store = new DurableStore();
    const first = await startWith([entry('a')], setupOf(store));
    await first.publish(storedEvent('1'));
    const anew = entry('a', { uid: 'anew', startPosition: 'latest', subscriberURI: 'ftp://example.com/' });
    expect((await first.edit(list(anew))).after.status?.subscribers).toMatchObject([
      { uid: 'anew', ready: 'False' },
      { uid: 'uid-of-a', ready: 'Unknown' },
    ]);
    const second = await harness.process(undefined, setupOf(store));
    await second.run();
    expect(await first.pending('a')).toBe(1);
    const { after } = await second.edit(list({ ...anew, subscriberURI: NOWHERE }));
    expect(after.status?.subscribers).toMatchObject([{ uid: 'anew', ready: 'True' }]);
    expect(await first.pending('a')).toBe(0);
    await first.publish(storedEvent('2'));
    const third = await harness.process(undefined, setupOf(store));
    await third.run();
    expect(await first.pending('a')).toBe(1);
  });
});
