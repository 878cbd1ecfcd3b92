/** Labels of one series. */
export type MetricLabels = Readonly<Record<string, string>>;

/** One value of one series, read when somebody scrapes. */
export interface MetricSample {
  readonly labels: MetricLabels;
  readonly value: number;
}

/** A histogram of fixed buckets: `counts[i]` observations at most `bounds[i]`, the last count those above every bound. Not cumulative. */
export interface HistogramSample {
  readonly labels: MetricLabels;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/** What is known of a metric before its first value. */
export interface MetricDescription {
  /** Prometheus name in base units: `millrace_events_delivered_total`, `millrace_publish_seconds`. */
  readonly name: string;
  readonly help: string;
  /** Names of the labels of every series. */
  readonly labels: readonly string[];
}

/**
 * Where libraries tell their figures. The hot path counts in plain numbers of its own; they are read at scrape time only
 * (no call per event).
 */
export interface MetricsRegistry {
  /** A figure that only goes up. */
  counter(description: MetricDescription, read: () => Iterable<MetricSample>): void;
  /** A figure that goes up and down. One that a store has to be asked for may take two seconds. */
  gauge(description: MetricDescription, read: () => Iterable<MetricSample> | Promise<Iterable<MetricSample>>): void;
  histogram(description: MetricDescription, read: () => Iterable<HistogramSample>): void;
}

/** A registry that keeps nothing. */
export const noMetrics: MetricsRegistry = { counter() {}, gauge() {}, histogram() {} };
