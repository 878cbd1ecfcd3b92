import type { FieldFault } from '../admission/admission.types.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import { localReferenceFaults } from '../meta/object-reference.validation.js';

/** Faults of a source's `spec.sink`. An absent sink is no fault: it is the condition `SinkProvided=False, Missing`, as in 2019. */
export function sinkFaults(sink: ObjectReference | undefined): FieldFault[] {
  return sink === undefined
    ? []
    : localReferenceFaults(sink, 'spec.sink', 'create the source in the namespace of its sink');
}

/** What somebody hears who applies a source without a sink. */
export const MISSING_SINK_WARNING =
  'spec.sink is missing: no event is sent until it names a Channel or another addressable object.';
