import { expect, it } from 'vitest';
import type { HistogramSample, MetricDescription, MetricSample, MetricsRegistry } from '@millrace/eventing-api';
import { testTarget } from '../../test/events.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';
import { IntakeCounters } from './intake-counters.js';
import { LatencyHistogram } from './latency-histogram.js';
import { registerDeliveryMetrics, registerIntakeMetrics } from './register-metrics.js';
import { SubscriptionCounters } from './subscription-counters.js';

/** Keeps what is registered and reads it like a scrape. */
class ScrapedMetrics implements MetricsRegistry {
  private readonly readers = new Map<string, () => Iterable<MetricSample | HistogramSample>>();
  counter = this.add.bind(this);
  gauge = this.add.bind(this);
  histogram = this.add.bind(this);

  scrape(name: string): (MetricSample | HistogramSample)[] {
    return [...this.readers.get(name)!()];
  }

  private add({ name, labels }: MetricDescription, read: () => Iterable<MetricSample | HistogramSample>): void {
    this.readers.set(name, () => {
      const samples = [...read()];
      for (const sample of samples) expect(Object.keys(sample.labels)).toEqual(labels);
      return samples;
    });
  }
}

it('tells what became of the events of each Subscription as it is at the scrape', () => {
  const metrics = new ScrapedMetrics();
  const counters = new SubscriptionCounters();
  const delivery: SubscriptionDelivery = {
    counters,
    target: testTarget({}),
    handle: () => Promise.resolve('delivered'),
    update() {},
    abort() {},
  };
  registerDeliveryMetrics(metrics, () => [delivery]);
  Object.assign(counters, { claimed: 6, delivered: 2, released: 1, inFlight: 1, replies: 4, invalidReplies: 5 });
  counters.drop('loop');
  counters.drop('loop');
  counters.endAttempt(202);
  counters.endAttempt('timeout');
  counters.attemptLatency.observe(30);
  const labels = { namespace: 'default', channel: 'ch', subscription: 'sub' };
  expect(metrics.scrape('millrace_delivery_events_claimed_total')).toEqual([{ labels, value: 6 }]);
  expect(metrics.scrape('millrace_delivery_events_in_flight')).toEqual([{ labels, value: 1 }]);
  expect(metrics.scrape('millrace_delivery_events_settled_total')).toEqual([
    { labels: { ...labels, settlement: 'delivered' }, value: 2 },
    { labels: { ...labels, settlement: 'filtered' }, value: 0 },
    { labels: { ...labels, settlement: 'dead-lettered' }, value: 0 },
    { labels: { ...labels, settlement: 'dropped' }, value: 2 },
    { labels: { ...labels, settlement: 'released' }, value: 1 },
  ]);
  expect(metrics.scrape('millrace_delivery_events_dropped_total')).toEqual([
    { labels: { ...labels, reason: 'loop' }, value: 2 },
  ]);
  expect(metrics.scrape('millrace_delivery_attempts_total')).toEqual([
    { labels: { ...labels, result: '202' }, value: 1 },
    { labels: { ...labels, result: 'timeout' }, value: 1 },
  ]);
  expect(metrics.scrape('millrace_delivery_replies_total')).toMatchObject([{ value: 4 }, { value: 5 }]);
  const [histogram] = metrics.scrape('millrace_delivery_attempt_seconds') as HistogramSample[];
  expect(histogram).toMatchObject({ labels, sum: 0.03 });
  expect(histogram!.counts[histogram!.bounds.indexOf(0.05)]).toBe(1);
});

it('tells what became of the requests of an intake as it is at the scrape', () => {
  const metrics = new ScrapedMetrics();
  const counters = new IntakeCounters();
  registerIntakeMetrics(metrics, { name: 'intake', counters });
  Object.assign(counters, { abandoned: 1, events: 2, requestsInFlight: 3, bytesInFlight: 4 });
  counters.answer(202);
  const labels = { intake: 'intake' };
  expect(metrics.scrape('millrace_intake_requests_total')).toEqual([{ labels: { ...labels, code: '202' }, value: 1 }]);
  expect(metrics.scrape('millrace_intake_requests_abandoned_total')).toEqual([{ labels, value: 1 }]);
  expect(metrics.scrape('millrace_intake_events_total')).toEqual([{ labels, value: 2 }]);
  expect(metrics.scrape('millrace_intake_requests_in_flight')).toEqual([{ labels, value: 3 }]);
  expect(metrics.scrape('millrace_intake_bytes_in_flight')).toEqual([{ labels, value: 4 }]);
});

it('puts a duration into the bucket of the smallest bound that it does not exceed', () => {
  const histogram = new LatencyHistogram();
  for (const durationMs of [0, 1, 1.1, 60_000, 60_001]) histogram.observe(durationMs);
  expect(histogram.counts.at(0)).toBe(2);
  expect(histogram.counts.at(1)).toBe(1);
  expect(histogram.counts.at(-2)).toBe(1);
  expect(histogram.counts.at(-1)).toBe(1);
  expect(histogram.counts.length).toBe(LatencyHistogram.boundsSeconds.length + 1);
});
