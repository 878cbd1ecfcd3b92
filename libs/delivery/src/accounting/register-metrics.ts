import type { MetricDescription, MetricLabels, MetricSample, MetricsRegistry } from '@millrace/eventing-api';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';
import type { IntakeCounters } from './intake-counters.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { SubscriptionCounters } from './subscription-counters.js';

const SUBSCRIPTION = ['namespace', 'channel', 'subscription'];

/** Tells the figures of deliveries, read at scrape. */
export function registerDeliveryMetrics(
  metrics: MetricsRegistry,
  deliveries: () => Iterable<SubscriptionDelivery>,
): void {
  const of = (name: string, help: string, ...labels: string[]) => ({
    name,
    help,
    labels: [...SUBSCRIPTION, ...labels],
  });
  const counter = (description: MetricDescription, read: (counters: SubscriptionCounters) => Iterable<MetricSample>) =>
    metrics.counter(description, () => samplesOf(deliveries(), read));

  counter(of('millrace_delivery_events_claimed_total', 'Events taken from the store to be delivered.'), (counters) => [
    { labels: {}, value: counters.claimed },
  ]);
  counter(of('millrace_delivery_events_settled_total', 'Events by what became of them.', 'settlement'), settledSamples);
  counter(of('millrace_delivery_events_dropped_total', 'Events given up, by reason.', 'reason'), (counters) =>
    countsBy('reason', counters.droppedByReason),
  );
  counter(
    of('millrace_delivery_attempts_total', 'HTTP attempts at subscribers that have ended, by result.', 'result'),
    (counters) => countsBy('result', counters.attemptsByResult),
  );
  counter(
    of(
      'millrace_delivery_replies_total',
      'Answers of subscribers that claimed to be events, by what became of them.',
      'outcome',
    ),
    (counters) => [
      { labels: { outcome: 'taken' }, value: counters.replies },
      { labels: { outcome: 'invalid' }, value: counters.invalidReplies },
    ],
  );
  metrics.gauge(of('millrace_delivery_events_in_flight', 'Events claimed and not settled.'), () =>
    samplesOf(deliveries(), (counters) => [{ labels: {}, value: counters.inFlight }]),
  );
  metrics.histogram(
    of('millrace_delivery_attempt_seconds', 'Time from the start of an attempt to its end.'),
    function* () {
      for (const delivery of deliveries()) {
        yield { labels: labelsOf(delivery), ...histogramValues(delivery.counters.attemptLatency) };
      }
    },
  );
}

/** Tells the figures of an intake, read at scrape. */
export function registerIntakeMetrics(
  metrics: MetricsRegistry,
  intake: { readonly name: string; readonly counters: IntakeCounters },
): void {
  const { counters } = intake;
  const labels = { intake: intake.name };
  const of = (name: string, help: string, ...labels: string[]) => ({ name, help, labels: ['intake', ...labels] });
  metrics.counter(of('millrace_intake_requests_total', 'Requests answered, by HTTP status.', 'code'), () =>
    [...countsBy('code', counters.requestsByStatus)].map((sample) => labelled(labels, sample)),
  );
  metrics.counter(of('millrace_intake_requests_abandoned_total', 'Requests that never came in whole.'), () => [
    { labels, value: counters.abandoned },
  ]);
  metrics.counter(of('millrace_intake_events_total', 'Events taken in.'), () => [{ labels, value: counters.events }]);
  metrics.gauge(of('millrace_intake_requests_in_flight', 'Requests not answered yet.'), () => [
    { labels, value: counters.requestsInFlight },
  ]);
  metrics.gauge(of('millrace_intake_bytes_in_flight', 'Bytes held for requests not answered yet.'), () => [
    { labels, value: counters.bytesInFlight },
  ]);
  metrics.histogram(of('millrace_intake_seconds', 'Time from the headers of a request to its answer.'), () => [
    { labels, ...histogramValues(counters.latency) },
  ]);
}

function* samplesOf(
  deliveries: Iterable<SubscriptionDelivery>,
  read: (counters: SubscriptionCounters) => Iterable<MetricSample>,
): Iterable<MetricSample> {
  for (const delivery of deliveries) {
    const labels = labelsOf(delivery);
    for (const sample of read(delivery.counters)) yield labelled(labels, sample);
  }
}

function settledSamples(counters: SubscriptionCounters): MetricSample[] {
  const { delivered, filtered, deadLettered, dropped, released } = counters;
  return Object.entries({ delivered, filtered, 'dead-lettered': deadLettered, dropped, released }).map(
    ([settlement, value]) => ({ labels: { settlement }, value }),
  );
}

function countsBy(label: string, counts: ReadonlyMap<string | number, number>): MetricSample[] {
  return [...counts].map(([key, value]) => ({ labels: { [label]: String(key) }, value }));
}

function labelsOf({ target }: SubscriptionDelivery): MetricLabels {
  return { namespace: target.namespace, channel: target.channel, subscription: target.name };
}

function labelled(labels: MetricLabels, sample: MetricSample): MetricSample {
  return { labels: { ...labels, ...sample.labels }, value: sample.value };
}

function histogramValues(histogram: LatencyHistogram): {
  bounds: readonly number[];
  counts: readonly number[];
  sum: number;
} {
  return { bounds: LatencyHistogram.boundsSeconds, counts: histogram.counts, sum: histogram.sumSeconds };
}
