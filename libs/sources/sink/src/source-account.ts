import type { Logger, MetricsRegistry } from '@millrace/eventing-api';
import type { DropReason } from './drop-reasons.js';

/** What became of the events of a receive adapter. */
export class SourceAccount {
  /** Events that the sink has taken. */
  sent = 0;
  /** Events given up, by reason. */
  readonly dropped = new Map<DropReason, number>();

  constructor(private readonly logger: Logger) {}

  /** @param id of the event */
  drop(id: string, reason: DropReason): void {
    const count = (this.dropped.get(reason) ?? 0) + 1;
    this.dropped.set(reason, count);
    this.logger.warn('An event was dropped', { id, reason, dropped: count });
  }
}

/** Tells how many events went out, were dropped and wait (`pending`, those on their way included). */
export function registerSourceMetrics(
  metrics: MetricsRegistry,
  source: { readonly account: SourceAccount; readonly pending: number },
): void {
  metrics.counter(
    { name: 'millrace_source_events_sent_total', help: 'Events that the sink has taken.', labels: [] },
    () => [{ labels: {}, value: source.account.sent }],
  );
  metrics.counter(
    { name: 'millrace_source_events_dropped_total', help: 'Events given up, by reason.', labels: ['reason'] },
    () => [...source.account.dropped].map(([reason, value]) => ({ labels: { reason }, value })),
  );
  metrics.gauge({ name: 'millrace_source_events_pending', help: 'Events that wait for the sink.', labels: [] }, () => [
    { labels: {}, value: source.pending },
  ]);
}
