import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChannelReconcileHarness } from '../../test/channel-reconcile.js';
import { DurableStore } from '../../test/durable-store.js';
import { channelObject, storedEvent, subscriber, subscriptionObject } from '../../test/test-objects.js';

let harness: ChannelReconcileHarness;
beforeEach(async () => {
  harness = await ChannelReconcileHarness.start();
});
afterEach(() => harness.close());

it('keeps the letters of a Subscription that came back before the store had let go of the former ones', async () => {
  const entry = { ...subscriber('a', 'http://127.0.0.1:1/'), paused: true };
  const list = (...subscribers: (typeof entry)[]) => ({ subscribable: { subscribers } });
  harness.server.put(subscriptionObject('a'));
  const { run, edit, stores, uid } = await harness.process(channelObject(list(entry)), {
    provider: new DurableStore().provider,
    resumeGracePeriodMs: 0,
  });
  await run();
  const hosted = stores.open('in-memory')!.channel(uid)!;
  expect(await hosted.deadLetters.placeOf('a')!.store(storedEvent('1'))).toEqual({ outcome: 'stored' });

  // The Subscription is deleted for good, and the broker refuses to delete its dead-letter place this once.
  const { driver } = stores.open('in-memory')!;
  const deleteChannel = driver.deleteChannel.bind(driver);
  driver.deleteChannel = () => Promise.reject(new Error('the broker is away'));
  harness.server.remove(subscriptionObject('a'));
  expect((await edit(list())).outcome).toBeInstanceOf(Error);
  driver.deleteChannel = deleteChannel;

  // All is well again, and it is made anew under its name.
  harness.server.put(subscriptionObject('a'));
  await edit(list(entry));
  await run();
  expect(await hosted.deadLetters.placeOf('a')!.store(storedEvent('2'))).toEqual({ outcome: 'stored' });
});
