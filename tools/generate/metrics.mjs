// docs/reference/metrics.md: every metric, as the parts of a process register it.
import { registerDeliveryMetrics, registerEngineMetrics, registerIntakeMetrics } from '@millrace/delivery';
import { registerSourceMetrics } from '@millrace/sources-sink';
import { registerProcessMetrics } from '../../libs/platform/dist/metrics/process-metrics.js';
import { registerProvisionerMetrics } from '../../libs/provisioner-runtime/dist/register-provisioner-metrics.js';
import { registerTickMetrics } from '../../libs/sources/cron/dist/tick-metrics.js';
import { code, page, table } from './markdown.mjs';

const COLUMNS = ['metric', 'type', 'labels', 'meaning'];

/** Nothing is read: what is registered says all. */
const PARTS = [
  ['Every process', 'all apps', (metrics) => registerProcessMetrics(metrics, '', '')],
  [
    'Intake',
    '`ingress-dispatcher`, `provisioner-*`, `standalone`',
    (metrics) => registerIntakeMetrics(metrics, { name: '', counters: {} }),
  ],
  ['Delivery', '`provisioner-*`, `standalone`', (metrics) => registerDeliveryMetrics(metrics, () => [])],
  ['Delivery as a whole', '`provisioner-*`, `standalone`', (metrics) => registerEngineMetrics(metrics, {})],
  ['Stores', '`provisioner-*`, `standalone`', (metrics) => registerProvisionerMetrics(metrics, {})],
  ['Sources', '`source-kubernetes`, `source-cron`', (metrics) => registerSourceMetrics(metrics, {})],
  ['Source of scheduled events', '`source-cron`', (metrics) => registerTickMetrics(metrics, {})],
];

export function generate() {
  const about = 'What `/metrics` on the management port tells, in the text format of Prometheus.';
  const blocks = PARTS.flatMap(([title, apps, register]) => [
    `## ${title}`,
    `Told by ${apps}.`,
    table(COLUMNS, rows(register)),
  ]);
  return { 'docs/reference/metrics.md': page('Metrics', about, blocks) };
}

function rows(register) {
  const registered = [];
  const record = (type) => (description) =>
    registered.push([
      code(description.name),
      type,
      description.labels.map(code).join(', '),
      description.help.replace(/\.?$/, '.'),
    ]);
  register({ counter: record('counter'), gauge: record('gauge'), histogram: record('histogram') });
  return registered;
}
