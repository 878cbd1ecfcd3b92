import { isDeepStrictEqual } from 'node:util';
import type { TSchema } from 'typebox';
import type { KubeObject } from '../meta/kube-object.types.js';
import { validateAgainstSchema } from '../schema/validate-against-schema.js';
import type { AdmissionFunction, AdmissionLookup, FieldFault } from './admission.types.js';

/** A kind's object whose `spec` can be compared. */
interface Specified extends KubeObject {
  spec?: object;
}

/** An object with its defaults filled in. */
export interface Defaulted<T extends KubeObject> {
  readonly object: T;
  readonly warnings?: readonly string[];
}

/** What one kind adds to its schema. Each part sees only objects whose `spec` fits the schema. */
export interface AdmissionRules<T extends Specified> {
  /** Schema of `spec`. */
  readonly spec: TSchema;
  readonly applyDefaults?: (object: T, previous: T | undefined, lookup: AdmissionLookup) => Defaulted<T>;
  readonly validate?: (object: T) => readonly FieldFault[];
  /** What an update may not change. */
  readonly validateUpdate?: (object: T, previous: T, lookup: AdmissionLookup) => readonly FieldFault[];
  readonly warn?: (object: T, previous: T | undefined, lookup: AdmissionLookup) => readonly string[];
}

/**
 * Makes the admission function of a kind from its rules: defaults, then validation, then immutability. Three cases pass untouched:
 * an object that is being deleted (its finalizers must come off whatever the rules say today), one whose `spec` an update leaves alone
 * (rules may have grown stricter since it was stored), and one whose `spec` does not fit the schema (whoever calls admission validates
 * against the schema too, and tells those faults).
 */
export function admission<T extends Specified>(rules: AdmissionRules<T>): AdmissionFunction<T> {
  return (object, previous, lookup) => {
    if (object.metadata.deletionTimestamp || !fitsSchema(rules.spec, object.spec)) {
      return { object, faults: [], warnings: [] };
    }
    const defaulted = rules.applyDefaults?.(object, previous, lookup) ?? { object };
    const warnings = [...(defaulted.warnings ?? []), ...(rules.warn?.(defaulted.object, previous, lookup) ?? [])];
    if (previous !== undefined && isDeepStrictEqual(defaulted.object.spec, previous.spec)) {
      return { object: defaulted.object, faults: [], warnings };
    }
    const faults = [
      ...(rules.validate?.(defaulted.object) ?? []),
      ...(previous === undefined ? [] : (rules.validateUpdate?.(defaulted.object, previous, lookup) ?? [])),
    ];
    return { object: defaulted.object, faults, warnings };
  };
}

function fitsSchema(schema: TSchema, spec: unknown): boolean {
  return spec === undefined || validateAgainstSchema(schema, spec).length === 0;
}
