import type { MetricSample, MetricsRegistry, SubscriptionAccount } from '@millrace/eventing-api';
import { expect, it } from 'vitest';
import { registerProvisionerMetrics } from './register-provisioner-metrics.js';
import type { StoreHost } from './stores/store-host.js';

function account(name: string, delivered: number, dropped: Record<string, number>): SubscriptionAccount {
  const channel = {
    namespace: 'default',
    name: 'orders',
    uid: `u${delivered}`,
    purpose: 'events',
    arguments: {},
  } as const;
  const figures = { accepted: 0, delivered, filtered: 0, deadLettered: 0, pending: 0 };
  return { ...figures, subscription: { channel, name, uid: name }, droppedByReason: new Map(Object.entries(dropped)) };
}

/** Reads a metric as a scrape would. */
function registered(stores: object): (name: string) => Promise<MetricSample[]> {
  const reads = new Map<string, Parameters<MetricsRegistry['gauge']>[1]>();
  const add: MetricsRegistry['gauge'] = ({ name }, read) => void reads.set(name, read);
  registerProvisionerMetrics({ counter: add, gauge: add, histogram() {} }, stores as unknown as StoreHost);
  return async (name) => [...(await reads.get(name)!())];
}

it('a Subscription that was made anew has one series, which never goes back', async () => {
  const accounts = [
    account('a', 3, { 'channel-deleted': 2 }),
    account('a', 4, { 'channel-deleted': 1 }),
    account('b', 1, {}),
  ];
  const read = registered({ accounts: () => accounts });
  const labels = { namespace: 'default', channel: 'orders' };
  expect(await read('millrace_store_events_delivered_total')).toEqual([
    { labels: { ...labels, subscription: 'a' }, value: 7 },
    { labels: { ...labels, subscription: 'b' }, value: 1 },
  ]);
  expect(await read('millrace_store_events_dropped_total')).toEqual([
    { labels: { ...labels, subscription: 'a', reason: 'channel-deleted' }, value: 3 },
  ]);
});

it('dead letters are told where the store can tell, and where they cannot be stored', async () => {
  const letters: Record<string, () => Promise<number | undefined>> = {
    a: () => Promise.resolve(3),
    b: () => Promise.resolve(undefined),
    c: () => Promise.reject(new Error('away')),
  };
  const hosted = {
    driverChannel: { namespace: 'default', name: 'orders' },
    subscriptionNames: () => new Set(Object.keys(letters)),
    deadLetters: { waiting: (name: string) => letters[name]!() },
    consumptions: {
      active: () => [
        { name: 'a', flows: false },
        { name: 'b', flows: true },
      ],
      deadLetterFaults: () => new Map([['a', 'no right']]),
    },
  };
  const read = registered({ openStores: () => [{ hostedChannels: () => [hosted] }] });
  const labels = { namespace: 'default', channel: 'orders' };
  expect(await read('millrace_dead_letters_waiting')).toEqual([{ labels: { ...labels, subscription: 'a' }, value: 3 }]);
  expect(await read('millrace_dead_letters_not_stored')).toEqual([
    { labels: { ...labels, subscription: 'a' }, value: 1 },
    { labels: { ...labels, subscription: 'b' }, value: 0 },
  ]);
});
