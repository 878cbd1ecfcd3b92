import type { MetricsRegistry } from '@millrace/eventing-api';

/** Tells how many times of the schedule passed unnoticed. */
export function registerTickMetrics(metrics: MetricsRegistry, adapter: { readonly missed: number }): void {
  metrics.counter(
    {
      name: 'millrace_source_ticks_missed_total',
      help: 'Times of the schedule that were noticed too late, for which no event is sent.',
      labels: [],
    },
    () => [{ labels: {}, value: adapter.missed }],
  );
}
