import type { FieldFault } from '../admission/admission.types.js';
import { required } from '../admission/faults.js';
import type { ContainerSource } from './container-source.schema.js';
import { sinkFaults } from './sink.validation.js';

/** Faults of a ContainerSource. */
export function validateContainerSource({ spec }: ContainerSource): FieldFault[] {
  return [
    ...(spec?.image === undefined ? [required('spec.image', 'image of the container that emits events')] : []),
    ...sinkFaults(spec?.sink),
  ];
}

/** Whether the source says where its events go: by `spec.sink`, or by an argument that its author wrote (`--sink=<url>`). */
export function namesSink({ spec }: ContainerSource): boolean {
  return spec?.sink !== undefined || (spec?.args ?? []).some((argument) => argument.startsWith('--sink='));
}
