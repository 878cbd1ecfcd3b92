import type { KubeObject, ObjectKey } from '../meta/kube-object.types.js';
import type { ResourceKind } from '../kinds/resource-kind.types.js';

/** One fault of an object, as a Status cause tells it: which field, what is wrong with which value, what is allowed. */
export interface FieldFault {
  /** Path as in `spec.subscribable.subscribers[0].uid`; empty for the whole object. */
  readonly field: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueForbidden' | 'FieldValueNotSupported';
  readonly message: string;
}

/** Reads other objects while admitting one: the default provisioner, a namespace's annotation. */
export interface AdmissionLookup {
  get<T extends KubeObject>(kind: ResourceKind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: ResourceKind<T>, namespace?: string): readonly T[];
}

/** What admission makes of an object. It is stored only when there are no faults. */
export interface AdmissionOutcome<T extends KubeObject = KubeObject> {
  /** The object with defaults filled in. */
  readonly object: T;
  readonly faults: readonly FieldFault[];
  /** Sentences for the user that refuse nothing (`Warning` header). */
  readonly warnings: readonly string[];
}

/**
 * Defaults, validates and checks immutability of one kind. Pure: the webhook and the embedded API call the same function. `previous` is the
 * stored object of an update. Not called for the status subresource.
 */
export type AdmissionFunction<T extends KubeObject = KubeObject> = (
  object: T,
  previous: T | undefined,
  lookup: AdmissionLookup,
) => AdmissionOutcome<T>;
