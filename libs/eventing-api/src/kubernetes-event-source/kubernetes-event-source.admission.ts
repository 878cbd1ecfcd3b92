import { admission } from '../admission/admission.js';
import { MISSING_SINK_WARNING, sinkFaults } from '../container-source/sink.validation.js';
import { applyKubernetesEventSourceDefaults } from './kubernetes-event-source.defaults.js';
import { KubernetesEventSourceSpec, type KubernetesEventSource } from './kubernetes-event-source.schema.js';

/** Admits a KubernetesEventSource: defaults and validation; everything may change. */
export const admitKubernetesEventSource = admission<KubernetesEventSource>({
  spec: KubernetesEventSourceSpec,
  applyDefaults: applyKubernetesEventSourceDefaults,
  validate: ({ spec }) => sinkFaults(spec?.sink),
  warn: ({ spec }) => (spec?.sink === undefined ? [MISSING_SINK_WARNING] : []),
});
