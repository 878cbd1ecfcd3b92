import { expect, it } from 'vitest';
import type { HistogramSample, MetricDescription, MetricSample, MetricsRegistry } from '@millrace/eventing-api';
import { testTarget } from '../../test/events.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';
import { IntakeCounters } from './intake-counters.js';
import { LatencyHistogram } from './latency-histogram.js';
import { registerDeliveryMetrics, registerEngineMetrics, registerIntakeMetrics } from './register-metrics.js';
import { SubscriptionCounters } from './subscription-counters.js';

type Samples = Iterable<MetricSample | HistogramSample>;

/** Keeps what is registered and reads it like a scrape. */
class ScrapedMetrics implements MetricsRegistry {
  private readonly readers = new Map<string, () => Promise<(MetricSample | HistogramSample)[]>>();
  counter = this.add.bind(this);
  gauge = this.add.bind(this);
  histogram = this.add.bind(this);

  scrape(name: string): Promise<(MetricSample | HistogramSample)[]> {
    return this.readers.get(name)!();
  }

  private add({ name, labels }: MetricDescription, read: () => Samples | Promise<Samples>): void {
    this.readers.set(name, async () => {
      const samples = [...(await read())];
      for (const sample of samples) expect(Object.keys(sample.labels)).toEqual(labels);
      return samples;
    });
  }
}

it('tells what became of the events of each Subscription as it is at the scrape', async () => {
  const metrics = new ScrapedMetrics();
  const counters = new SubscriptionCounters(() => 1);
  const delivery: SubscriptionDelivery = {
    counters,
    target: testTarget({}),
    claimWindow: 64,
    deadLetterFault: 'away',
    circuitState: (hop) => (hop === 'subscriber' ? 'open' : 'closed'),
    handle: () => Promise.resolve('delivered'),
    update() {},
    abort() {},
  };
  registerDeliveryMetrics(metrics, () => [delivery]);
  Object.assign(counters, { claimed: 10, delivered: 2, released: 1, deadLetteredToSink: 1, deadLetteredToPlace: 2 });
  Object.assign(counters, {
    replies: 4,
    failedReplies: 6,
    invalidReplies: 5,
    sparedAttempts: 7,
    sparedSinkAttempts: 8,
  });
  counters.drop('loop');
  counters.drop('loop');
  counters.endAttempt(202);
  counters.endAttempt('timeout');
  counters.endSinkAttempt(503);
  counters.endPlaceWrite('stored');
  counters.attemptLatency.observe(30);
  const labels = { namespace: 'default', channel: 'ch', subscription: 'sub' };
  const scraped = (name: string) => metrics.scrape(`millrace_delivery_${name}`);
  expect(await scraped('events_claimed_total')).toEqual([{ labels, value: 10 }]);
  expect(await scraped('events_in_flight')).toEqual([{ labels, value: 1 }]);
  expect(await scraped('events_unaccounted')).toEqual([{ labels, value: 1 }]);
  expect(await scraped('events_settled_total')).toEqual([
    { labels: { ...labels, settlement: 'delivered' }, value: 2 },
    { labels: { ...labels, settlement: 'filtered' }, value: 0 },
    { labels: { ...labels, settlement: 'dead-lettered' }, value: 3 },
    { labels: { ...labels, settlement: 'dropped' }, value: 2 },
    { labels: { ...labels, settlement: 'released' }, value: 1 },
  ]);
  expect(await scraped('events_dead_lettered_total')).toEqual([
    { labels: { ...labels, by: 'sink' }, value: 1 },
    { labels: { ...labels, by: 'place' }, value: 2 },
  ]);
  expect(await scraped('events_dropped_total')).toEqual([{ labels: { ...labels, reason: 'loop' }, value: 2 }]);
  expect(await scraped('attempts_total')).toEqual([
    { labels: { ...labels, result: '202' }, value: 1 },
    { labels: { ...labels, result: 'timeout' }, value: 1 },
  ]);
  expect(await scraped('attempts_spared_total')).toEqual([
    { labels: { ...labels, hop: 'subscriber' }, value: 7 },
    { labels: { ...labels, hop: 'dead-letter' }, value: 8 },
  ]);
  expect(await scraped('circuit_state')).toEqual([
    { labels: { ...labels, hop: 'subscriber' }, value: 2 },
    { labels: { ...labels, hop: 'dead-letter' }, value: 0 },
  ]);
  expect(await scraped('dead_letter_attempts_total')).toEqual([{ labels: { ...labels, result: '503' }, value: 1 }]);
  expect(await scraped('dead_letter_writes_total')).toEqual([{ labels: { ...labels, outcome: 'stored' }, value: 1 }]);
  expect(await scraped('dead_letter_fault')).toEqual([{ labels, value: 1 }]);
  expect(await scraped('replies_total')).toMatchObject([{ value: 4 }, { value: 6 }, { value: 5 }]);
  const [histogram] = (await metrics.scrape('millrace_delivery_attempt_seconds')) as HistogramSample[];
  expect(histogram).toMatchObject({ labels, sum: 0.03 });
  expect(histogram!.counts[histogram!.bounds.indexOf(0.05)]).toBe(1);
});

it('tells what an engine uses of its limits', async () => {
  const metrics = new ScrapedMetrics();
  registerEngineMetrics(metrics, { usage: { attemptsUnderWay: 3, answerBytesHeld: 4 } });
  expect(await metrics.scrape('millrace_delivery_attempts_under_way')).toEqual([{ labels: {}, value: 3 }]);
  expect(await metrics.scrape('millrace_delivery_answer_bytes_held')).toEqual([{ labels: {}, value: 4 }]);
});

it('tells what became of the requests of an intake as it is at the scrape', async () => {
  const metrics = new ScrapedMetrics();
  const counters = new IntakeCounters();
  registerIntakeMetrics(metrics, { name: 'intake', counters });
  Object.assign(counters, { abandoned: 1, events: 2, requestsInFlight: 3, bytesInFlight: 4 });
  counters.answer(202);
  const labels = { intake: 'intake' };
  const scraped = (name: string) => metrics.scrape(`millrace_intake_${name}`);
  expect(await scraped('requests_total')).toEqual([{ labels: { ...labels, code: '202' }, value: 1 }]);
  expect(await scraped('requests_abandoned_total')).toEqual([{ labels, value: 1 }]);
  expect(await scraped('events_total')).toEqual([{ labels, value: 2 }]);
  expect(await scraped('requests_in_flight')).toEqual([{ labels, value: 3 }]);
  expect(await scraped('bytes_in_flight')).toEqual([{ labels, value: 4 }]);
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
