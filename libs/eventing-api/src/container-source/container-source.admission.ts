import { admission } from '../admission/admission.js';
import { ContainerSourceSpec, type ContainerSource } from './container-source.schema.js';
import { namesSink, validateContainerSource } from './container-source.validation.js';
import { MISSING_SINK_WARNING } from './sink.validation.js';

/** Admits a ContainerSource: validation; it has no defaults and everything may change. */
export const admitContainerSource = admission<ContainerSource>({
  spec: ContainerSourceSpec,
  validate: validateContainerSource,
  warn: (source) => (namesSink(source) ? [] : [MISSING_SINK_WARNING]),
});
