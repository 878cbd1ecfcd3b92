import { describeConformance, type ConformanceHarness, type UnreachableStore } from '@millrace/conformance';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import { gcpPubSubDriverProvider as provider } from '../src/gcp-pubsub-provider.js';

/**
 * What no stand-in can show, in a project of Google Cloud. It costs next to nothing: a dozen topics for some minutes, fewer than 200 small events, and each
 * requirement removes what it made.
 */
const ONLY_REAL = [
  'channel/report-without-drift',
  'channel/delete-forgets',
  'subscription/now-leaves-out-the-past',
  'subscription/starts-when-ensured',
  'subscription/delete-ends-consumption',
  'publish/too-large',
  'replay/from-earliest',
  'replay/from-time',
  'ordering/after-stop',
  'ordering/per-key',
  'replicas/order-per-key',
  'durability/told',
  'durability/position-outlives-the-driver',
  'payloads/many-attributes',
];

describeConformance(realProject(), { only: ONLY_REAL });

/** With the Application Default Credentials of whoever runs it. */
function realProject(): ConformanceHarness | UnreachableStore {
  const name = 'gcp-pubsub (a real project)';
  const project = process.env['MILLRACE_TEST_GCP_PROJECT'];
  if (!project) {
    const how = 'set MILLRACE_TEST_GCP_PROJECT, and gcloud auth application-default login';
    return { name, notRun: `no Google Cloud project: ${how}` };
  }
  return {
    name,
    provider,
    parameters: { project },
    capabilities: provider.capabilities,
    patienceMs: 90_000,
    maxEventBytes: 9_500_000,
    open: () => provider.open({ project }, {}, { logger: silentLogger, clock: systemClock }),
  };
}
