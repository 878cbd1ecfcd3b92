import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricsRegistry } from '@millrace/eventing-api';

const LOOP_SAMPLE_MS = 20;

/** Figures of the process itself, under the names that dashboards for Node know. Costs one timer of 20 ms. */
export function registerProcessMetrics(metrics: MetricsRegistry, app: string, version: string): void {
  const startedAt = Date.now() / 1000 - process.uptime();
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  loopDelay.enable();

  metrics.counter(
    { name: 'process_cpu_seconds_total', help: 'User and system CPU time of the process, in seconds', labels: [] },
    () => {
      const { user, system } = process.cpuUsage();
      return [{ labels: {}, value: (user + system) / 1_000_000 }];
    },
  );
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory of the process', labels: [] }, () => [
    { labels: {}, value: process.memoryUsage.rss() },
  ]);
  metrics.gauge(
    { name: 'process_start_time_seconds', help: 'Start of the process, seconds since the epoch', labels: [] },
    () => [{ labels: {}, value: startedAt }],
  );
  metrics.gauge(
    {
      name: 'nodejs_eventloop_lag_p99_seconds',
      help: 'How late timers fired since the last scrape, 99th percentile',
      labels: [],
    },
    () => {
      // Node measures from one timer to the next, its period included.
      const latenessMs = loopDelay.percentile(99) / 1_000_000 - LOOP_SAMPLE_MS;
      loopDelay.reset();
      return [{ labels: {}, value: Math.max(0, latenessMs) / 1000 }];
    },
  );
  metrics.gauge(
    { name: 'millrace_build_info', help: 'Always 1; the labels say what runs', labels: ['app', 'version', 'node'] },
    () => [{ labels: { app, version, node: process.version }, value: 1 }],
  );
}
