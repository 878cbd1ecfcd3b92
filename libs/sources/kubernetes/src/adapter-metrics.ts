import type { MetricsRegistry } from '@millrace/eventing-api';
import type { EventSender } from './event-sender.js';

/** Tells how many events went out, were dropped and wait. */
export function registerAdapterMetrics(metrics: MetricsRegistry, sender: EventSender): void {
  metrics.counter(
    { name: 'millrace_source_events_sent_total', help: 'Events that the sink has taken.', labels: [] },
    () => [{ labels: {}, value: sender.sent }],
  );
  metrics.counter(
    { name: 'millrace_source_events_dropped_total', help: 'Events given up, by reason.', labels: ['reason'] },
    () => [...sender.dropped].map(([reason, value]) => ({ labels: { reason }, value })),
  );
  metrics.gauge({ name: 'millrace_source_events_pending', help: 'Events that wait for the sink.', labels: [] }, () => [
    { labels: {}, value: sender.pending },
  ]);
}
