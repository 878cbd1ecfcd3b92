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

it('a Subscription that was made anew has one series, which never goes back', () => {
  const accounts = [
    account('a', 3, { 'channel-deleted': 2 }),
    account('a', 4, { 'channel-deleted': 1 }),
    account('b', 1, {}),
  ];
  const reads = new Map<string, () => Iterable<MetricSample>>();
  const add: MetricsRegistry['counter'] = ({ name }, read) => void reads.set(name, read);
  const stores = { accounts: () => accounts } as unknown as StoreHost;
  registerProvisionerMetrics({ counter: add, gauge: add, histogram() {} }, stores);
  const labels = { namespace: 'default', channel: 'orders' };
  expect([...reads.get('millrace_store_events_delivered_total')!()]).toEqual([
    { labels: { ...labels, subscription: 'a' }, value: 7 },
    { labels: { ...labels, subscription: 'b' }, value: 1 },
  ]);
  expect([...reads.get('millrace_store_events_dropped_total')!()]).toEqual([
    { labels: { ...labels, subscription: 'a', reason: 'channel-deleted' }, value: 3 },
  ]);
});
