import type { FieldFault } from '../admission/admission.types.js';
import { childPath, forbidden, notSupported, required } from '../admission/faults.js';
import type { ObjectReference } from './object-reference.schema.js';

const REQUIRED = [
  ['apiVersion', 'API version of the object, as in "eventing.knative.dev/v1alpha1"'],
  ['kind', 'kind of the object, as in "Channel"'],
  ['name', 'name of the object'],
] as const;

const DISALLOWED = ['uid', 'resourceVersion', 'fieldPath'] as const;

/**
 * Faults of a reference to an object in the namespace of the object that refers: `apiVersion`, `kind` and `name` have to be set, and nothing else may be
 * (Knative Eventing v0.4 `subscribable_channelable_validation.go`). `crossNamespaceAdvice` says what to do instead of naming a namespace.
 */
export function localReferenceFaults(
  reference: ObjectReference,
  path: string,
  crossNamespaceAdvice: string,
): FieldFault[] {
  const missing = REQUIRED.filter(([field]) => isEmpty(reference[field])).map(([field, what]) =>
    required(childPath(path, field), what),
  );
  const namespace = isEmpty(reference.namespace)
    ? []
    : [
        forbidden(
          childPath(path, 'namespace'),
          `references cannot leave the namespace of this object, so leave it out; ${crossNamespaceAdvice}`,
        ),
      ];
  const others = DISALLOWED.filter((field) => !isEmpty(reference[field])).map((field) =>
    forbidden(childPath(path, field), 'only apiVersion, kind and name may be set here'),
  );
  return [...missing, ...namespace, ...others];
}

/** The fault of a reference whose kind or API version is set and is another; the kind is looked at first. */
export function referenceKindFaults(
  reference: ObjectReference,
  path: string,
  expected: { readonly apiVersion: string; readonly kind: string },
): FieldFault[] {
  const wrong = (['kind', 'apiVersion'] as const).find(
    (field) => !isEmpty(reference[field]) && reference[field] !== expected[field],
  );
  return wrong === undefined ? [] : [notSupported(childPath(path, wrong), reference[wrong], [expected[wrong]])];
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}
