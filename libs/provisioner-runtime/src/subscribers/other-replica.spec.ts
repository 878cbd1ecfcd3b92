import type { ChannelDriver, ChannelDriverProvider, Consumption } from '@millrace/eventing-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChannelReconcileHarness } from '../../test/channel-reconcile.js';
import { DurableStore } from '../../test/durable-store.js';
import { channelObject, subscriber, subscriptionObject } from '../../test/test-objects.js';

let harness: ChannelReconcileHarness;
beforeEach(async () => {
  harness = await ChannelReconcileHarness.start();
});
afterEach(() => harness.close());

/** Like Kafka's: each process consumes for itself, and what is consumed anywhere cannot be deleted (`NON_EMPTY_GROUP`). */
class SharedStore {
  private readonly open = new Set<string>();
  private readonly durable = new DurableStore();

  provider(process: string): ChannelDriverProvider {
    const { provider } = this.durable;
    return {
      ...provider,
      open: async (...args) => {
        const store = await provider.open(...args);
        const wrapped: Partial<ChannelDriver> = {
          consume: ({ name }): Consumption => {
            const key = `${process} ${name}`;
            this.open.add(key);
            const end = Promise.withResolvers<undefined>();
            const stop = () => {
              this.open.delete(key);
              end.resolve(undefined);
              return end.promise;
            };
            return { closed: end.promise, pause() {}, resume() {}, update() {}, stop };
          },
          deleteSubscription: async (subscription) => {
            const still = [...this.open].filter((key) => key.endsWith(` ${subscription.name}`));
            if (still.length > 0) throw new Error(`NON_EMPTY_GROUP: ${still.join(', ')}`);
            await store.deleteSubscription(subscription);
          },
        };
        return Object.assign(Object.create(store) as ChannelDriver, wrapped);
      },
    };
  }
}

const entry = (uid: string, startPosition?: string) => ({
  ...subscriber('a', 'http://127.0.0.1:1/'),
  uid,
  ...(startPosition === undefined ? {} : { startPosition }),
});
const list = (...subscribers: ReturnType<typeof entry>[]) => ({ subscribable: { subscribers } });

async function leaderAndReplica() {
  harness.server.put(subscriptionObject('a'));
  const store = new SharedStore();
  const leader = await harness.process(channelObject(list(entry('u1'))), { provider: store.provider('leader') });
  const { after } = await leader.run();
  const replica = await harness.process(undefined, { provider: store.provider('replica') });
  /** What every replica does at each change of a Channel (`ProvisionerRuntime.follow`). */
  const follow = (channel: typeof after) => replica.stores.open('in-memory')!.host(channel)!.follow(channel);
  follow(after);
  return { leader, follow };
}

it('a Subscription that is gone for good can be forgotten, although another replica has consumed it', async () => {
  const { leader, follow } = await leaderAndReplica();
  harness.server.remove(subscriptionObject('a'));
  follow((await leader.edit(list())).after);
  harness.clock.advance(3_600_000 + 1000);
  const { outcome, after } = await leader.run();
  expect(outcome).toEqual({ requeueAfterMs: undefined });
  expect(after.status?.subscribers).toEqual([]);
});

it('a Subscription that begins elsewhere than its namesake is served, although another replica has consumed that one', async () => {
  const { leader, follow } = await leaderAndReplica();
  follow((await leader.edit(list())).after);
  const made = await leader.edit(list(entry('u2', 'latest')));
  follow(made.after);
  const { outcome, after } = await leader.run();
  expect(outcome).not.toBeInstanceOf(Error);
  expect(after.status?.subscribers).toMatchObject([{ uid: 'u2', ready: 'True' }]);
});
