import type {
  HistogramSample,
  MetricDescription,
  MetricLabels,
  MetricSample,
  MetricsRegistry,
} from '@millrace/eventing-api';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  MeterProvider,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

type MetricKind = 'counter' | 'gauge' | 'histogram';

type Samples = Iterable<MetricSample | HistogramSample>;
type Read = () => Samples | Promise<Samples>;

interface Family {
  readonly kind: MetricKind;
  readonly description: MetricDescription;
  /** Several parts of a process may tell the same metric: their series are put together. */
  readonly reads: Read[];
}

/**
 * The figures of a process in Prometheus' text format. Libraries count in plain numbers; nothing is read before somebody scrapes. They enter the
 * OpenTelemetry SDK as a MetricProducer rather than as observable instruments: an instrument cannot be given a filled histogram, and
 * goes on showing a series that its callback no longer reports.
 */
export class PrometheusMetrics implements MetricsRegistry, MetricProducer {
  private readonly families = new Map<string, Family>();
  private readonly exporter = new PrometheusExporter({ preventServerStart: true, metricProducers: [this] });
  private readonly serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  private readonly resource;
  private readonly startTime: HrTime = [Math.floor(Date.now() / 1000), 0];

  /** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over what is given here. */
  constructor(app: string, version: string) {
    this.resource = resourceFromAttributes({ 'service.name': `millrace-${app}`, 'service.version': version }).merge(
      detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }),
    );
    new MeterProvider({ resource: this.resource, readers: [this.exporter] });
  }

  counter(description: MetricDescription, read: () => Iterable<MetricSample>): void {
    this.add('counter', description, read);
  }

  gauge(description: MetricDescription, read: () => Iterable<MetricSample> | Promise<Iterable<MetricSample>>): void {
    this.add('gauge', description, read);
  }

  histogram(description: MetricDescription, read: () => Iterable<HistogramSample>): void {
    this.add('histogram', description, read);
  }

  /** What `/metrics` answers. Where a part cannot tell its figures, those of the others are told, and the error is given back too. */
  async scrape(): Promise<{ readonly text: string; readonly errors: readonly unknown[] }> {
    const { resourceMetrics, errors } = await this.exporter.collect();
    return { text: this.serializer.serialize(resourceMetrics), errors };
  }

  async collect(): Promise<CollectionResult> {
    const errors: unknown[] = [];
    const families = [...this.families.values()];
    // Begun all at one time: figures that are at hand belong together, and those that a store is asked for wait together.
    const reads = families.map((family) => family.reads.map(valuesOf));
    const endTime: HrTime = [Math.floor(Date.now() / 1000), 0];
    const metrics: MetricData[] = [];
    for (const [index, family] of families.entries()) {
      const results = await Promise.allSettled(reads[index] ?? []);
      const samples = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
      for (const result of results) if (result.status === 'rejected') errors.push(result.reason);
      metrics.push(metricData(family, samples, this.startTime, endTime));
    }
    const scopeMetrics = [{ scope: { name: 'millrace' }, metrics }];
    return { resourceMetrics: { resource: this.resource, scopeMetrics }, errors };
  }

  private add(kind: MetricKind, description: MetricDescription, read: Read): void {
    const family = this.families.get(description.name) ?? { kind, description, reads: [] };
    if (family.kind !== kind) throw new Error(`metric ${description.name} is a ${family.kind} already, not a ${kind}`);
    this.families.set(description.name, family);
    family.reads.push(read);
  }
}

/** What is at hand is read before this returns. */
async function valuesOf(read: Read): Promise<(MetricSample | HistogramSample)[]> {
  const samples = read();
  return [...(samples instanceof Promise ? await samples : samples)];
}

function metricData(
  { kind, description }: Family,
  samples: readonly (MetricSample | HistogramSample)[],
  startTime: HrTime,
  endTime: HrTime,
): MetricData {
  const descriptor = { name: description.name, description: description.help, unit: '', valueType: ValueType.DOUBLE };
  const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const point = <T>(attributes: MetricLabels, value: T): DataPoint<T> => ({ startTime, endTime, attributes, value });
  if (kind === 'histogram') {
    const dataPoints = (samples as readonly HistogramSample[]).map(({ labels, bounds, counts, sum }) =>
      point(labels, {
        buckets: { boundaries: [...bounds], counts: [...counts] },
        sum,
        count: counts.reduce((total, count) => total + count, 0),
      }),
    );
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = (samples as readonly MetricSample[]).map(({ labels, value }) => point(labels, value));
  return kind === 'counter'
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
}
