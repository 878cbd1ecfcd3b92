import type { MetricLabels, MetricSample, MetricsRegistry, SubscriptionAccount } from '@millrace/eventing-api';
import { deadLettersWaiting, hostedChannels } from './dead-letters/dead-letters-waiting.js';
import type { StoreHost } from './stores/store-host.js';

const SUBSCRIPTION = ['namespace', 'channel', 'subscription'];

/** Tells what waits in the stores of a process and, where a store lives in the process, its exact accounts; read at scrape. */
export function registerProvisionerMetrics(metrics: MetricsRegistry, stores: StoreHost): void {
  metrics.gauge(
    {
      name: 'millrace_store_open',
      help: 'Whether the store of a ClusterChannelProvisioner is open here.',
      labels: ['provisioner', 'driver'],
    },
    function* () {
      for (const { origin } of stores.openStores()) {
        yield { labels: { provisioner: origin.provisioner, driver: origin.provider.driver }, value: 1 };
      }
    },
  );
  const account = (name: string, help: string, read: (account: SubscriptionAccount) => number) =>
    metrics.counter({ name, help, labels: SUBSCRIPTION }, () => accountSamples(stores, read));
  account(
    'millrace_store_events_accepted_total',
    'Events taken in for a Subscription: delivered + filtered + dead-lettered + dropped + pending.',
    ({ accepted }) => accepted,
  );
  account('millrace_store_events_delivered_total', 'Events settled as delivered.', ({ delivered }) => delivered);
  account('millrace_store_events_filtered_total', 'Events settled as filtered.', ({ filtered }) => filtered);
  account(
    'millrace_store_events_dead_lettered_total',
    'Events settled as dead-lettered.',
    ({ deadLettered }) => deadLettered,
  );
  metrics.counter(
    {
      name: 'millrace_store_events_dropped_total',
      help: 'Events given up, by reason.',
      labels: [...SUBSCRIPTION, 'reason'],
    },
    () => droppedSamples(stores),
  );
  metrics.gauge(
    {
      name: 'millrace_store_events_pending',
      help: 'Events that wait for a Subscription, those in delivery included.',
      labels: SUBSCRIPTION,
    },
    () => accountSamples(stores, ({ pending }) => pending),
  );
  registerDeadLetterMetrics(metrics, stores);
}

function registerDeadLetterMetrics(metrics: MetricsRegistry, stores: StoreHost): void {
  metrics.gauge(
    {
      name: 'millrace_dead_letters_waiting',
      help: 'Dead letters of a Subscription that its store keeps, where the store can tell; every replica tells the same.',
      labels: SUBSCRIPTION,
    },
    async () =>
      (await deadLettersWaiting(stores)).map(({ waiting, ...labels }) => ({ labels: { ...labels }, value: waiting })),
  );
  metrics.gauge(
    {
      name: 'millrace_dead_letters_not_stored',
      help: 'Whether dead letters of a Subscription cannot be stored here; it is paused meanwhile.',
      labels: SUBSCRIPTION,
    },
    function* () {
      for (const { driverChannel, consumptions } of hostedChannels(stores)) {
        const { namespace, name: channel } = driverChannel;
        for (const { name: subscription } of consumptions.active()) {
          const value = consumptions.deadLetterFaults().has(subscription) ? 1 : 0;
          yield { labels: { namespace, channel, subscription }, value };
        }
      }
    },
  );
  metrics.counter(
    {
      name: 'millrace_dead_letters_deleted_total',
      help: 'Dead letters that were deleted with their Subscription or Channel.',
      labels: SUBSCRIPTION,
    },
    () => stores.deadLetterLosses.samples(),
  );
}

/** Labels of a Subscription's series. */
function labelsOf({ subscription: { channel, name } }: SubscriptionAccount): MetricLabels {
  return { namespace: channel.namespace, channel: channel.name, subscription: name };
}

function accountSamples(stores: StoreHost, read: (account: SubscriptionAccount) => number): MetricSample[] {
  return summed([...stores.accounts()].map((account) => ({ labels: labelsOf(account), value: read(account) })));
}

function droppedSamples(stores: StoreHost): MetricSample[] {
  return summed(
    [...stores.accounts()].flatMap((account) =>
      [...account.droppedByReason].map(([reason, value]) => ({ labels: { ...labelsOf(account), reason }, value })),
    ),
  );
}

/** One sample a series: a Subscription that was made anew adds to the account of its namesake. */
function summed(samples: readonly MetricSample[]): MetricSample[] {
  const bySeries = new Map<string, MetricSample>();
  for (const { labels, value } of samples) {
    const series = Object.values(labels).join('/');
    bySeries.set(series, { labels, value: value + (bySeries.get(series)?.value ?? 0) });
  }
  return [...bySeries.values()];
}
