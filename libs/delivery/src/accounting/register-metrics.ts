import type { MetricDescription, MetricLabels, MetricSample, MetricsRegistry } from '@millrace/eventing-api';
import type { CircuitState } from '../circuit/circuit-breaker.js';
import type { DeliveryEngine } from '../deliver/delivery-engine.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';
import { imbalance } from './delivery-account.js';
import type { IntakeCounters } from './intake-counters.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { SubscriptionCounters } from './subscription-counters.js';

const SUBSCRIPTION = ['namespace', 'channel', 'subscription'];

/** As a figure, so that an alert can ask for more than 0. */
const CIRCUIT_FIGURES: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Tells the figures of deliveries, read at scrape. */
export function registerDeliveryMetrics(
  metrics: MetricsRegistry,
  deliveries: () => Iterable<SubscriptionDelivery>,
): void {
  const of = (name: string, help: string, ...labels: string[]) => ({
    name: `millrace_delivery_${name}`,
    help,
    labels: [...SUBSCRIPTION, ...labels],
  });
  const counter = (description: MetricDescription, read: (delivery: SubscriptionDelivery) => Iterable<MetricSample>) =>
    metrics.counter(description, () => samplesOf(deliveries(), read));
  const gauge = (description: MetricDescription, read: (delivery: SubscriptionDelivery) => Iterable<MetricSample>) =>
    metrics.gauge(description, () => samplesOf(deliveries(), read));

  counter(of('events_claimed_total', 'Events taken from the store to be delivered.'), ({ counters }) => [
    { labels: {}, value: counters.claimed },
  ]);
  counter(of('events_settled_total', 'Events by what became of them.', 'settlement'), ({ counters }) =>
    settledSamples(counters),
  );
  counter(of('events_dead_lettered_total', 'Events that lie among the dead letters, by where.', 'by'), ({ counters }) =>
    samplesBy('by', { sink: counters.deadLetteredToSink, place: counters.deadLetteredToPlace }),
  );
  counter(of('events_dropped_total', 'Events given up, by reason.', 'reason'), ({ counters }) =>
    countsBy('reason', counters.droppedByReason),
  );
  gauge(of('events_in_flight', 'Events claimed and not settled.'), ({ counters }) => [
    { labels: {}, value: counters.inFlight },
  ]);
  gauge(
    of('events_unaccounted', 'Events claimed of which nobody knows what became: 0, or Millrace has a bug.'),
    ({ counters }) => [{ labels: {}, value: imbalance(counters) }],
  );
  counter(of('attempts_total', 'HTTP attempts at subscribers that have ended, by result.', 'result'), ({ counters }) =>
    countsBy('result', counters.attemptsByResult),
  );
  counter(
    of(
      'attempts_spared_total',
      'Attempts not made while the circuit of their target was open; they count as failed.',
      'hop',
    ),
    ({ counters }) =>
      samplesBy('hop', { subscriber: counters.sparedAttempts, 'dead-letter': counters.sparedSinkAttempts }),
  );
  gauge(of('circuit_state', 'Circuit of a target: 0 closed, 1 half open (being tried), 2 open.', 'hop'), (delivery) =>
    samplesBy('hop', {
      subscriber: CIRCUIT_FIGURES[delivery.circuitState('subscriber')],
      'dead-letter': CIRCUIT_FIGURES[delivery.circuitState('dead-letter')],
    }),
  );
  counter(
    of('dead_letter_attempts_total', 'HTTP attempts at dead letter sinks that have ended, by result.', 'result'),
    ({ counters }) => countsBy('result', counters.sinkAttemptsByResult),
  );
  counter(
    of('dead_letter_writes_total', 'Writes to the dead-letter place that have ended, by outcome.', 'outcome'),
    ({ counters }) => countsBy('outcome', counters.placeWritesByOutcome),
  );
  gauge(of('dead_letter_fault', 'Whether the dead-letter place cannot be written (1).'), ({ deadLetterFault }) => [
    { labels: {}, value: deadLetterFault === undefined ? 0 : 1 },
  ]);
  counter(
    of('replies_total', 'Answers of subscribers that claimed to be events, by what became of them.', 'outcome'),
    ({ counters }) =>
      samplesBy('outcome', {
        taken: counters.replies,
        failed: counters.failedReplies,
        invalid: counters.invalidReplies,
      }),
  );
  metrics.histogram(of('attempt_seconds', 'Time from the start of an attempt to its end.'), function* () {
    for (const delivery of deliveries()) {
      yield { labels: labelsOf(delivery), ...histogramValues(delivery.counters.attemptLatency) };
    }
  });
}

/** Tells what an engine uses of the limits of its process, read at scrape. */
export function registerEngineMetrics(metrics: MetricsRegistry, engine: Pick<DeliveryEngine, 'usage'>): void {
  const of = (name: string, help: string) => ({ name: `millrace_delivery_${name}`, help, labels: [] });
  metrics.gauge(of('attempts_under_way', 'Attempts under way, over all Subscriptions.'), () => [
    { labels: {}, value: engine.usage.attemptsUnderWay },
  ]);
  metrics.gauge(
    of('answer_bytes_held', 'Bytes of answers held since they may be replies, over all Subscriptions.'),
    () => [{ labels: {}, value: engine.usage.answerBytesHeld }],
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
  read: (delivery: SubscriptionDelivery) => Iterable<MetricSample>,
): Iterable<MetricSample> {
  for (const delivery of deliveries) {
    const labels = labelsOf(delivery);
    for (const sample of read(delivery)) yield labelled(labels, sample);
  }
}

function settledSamples(counters: SubscriptionCounters): MetricSample[] {
  const { delivered, filtered, deadLettered, dropped, released } = counters;
  return samplesBy('settlement', { delivered, filtered, 'dead-lettered': deadLettered, dropped, released });
}

function samplesBy(label: string, values: Readonly<Record<string, number>>): MetricSample[] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
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
