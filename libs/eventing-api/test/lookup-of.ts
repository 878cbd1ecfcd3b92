import type { AdmissionLookup } from '../src/admission/admission.types.js';
import { apiVersionOf, type ResourceKind } from '../src/kinds/resource-kind.types.js';
import type { KubeObject } from '../src/meta/kube-object.types.js';

/** A look-up that knows just these objects. */
export function lookupOf(...objects: readonly KubeObject[]): AdmissionLookup {
  const ofKind = <T extends KubeObject>(kind: ResourceKind<T>, namespace?: string) =>
    objects.filter(
      (object): object is T =>
        object.kind === kind.kind &&
        object.apiVersion === apiVersionOf(kind) &&
        (namespace === undefined || object.metadata.namespace === namespace),
    );
  return {
    get: (kind, { namespace, name }) => ofKind(kind, namespace).find(({ metadata }) => metadata.name === name),
    list: ofKind,
  };
}

/** A Namespace with these annotations. */
export function namespaceOf(name: string, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
}

/** `<field>: <message>` of each fault, as a user reads them. */
export function sentences(outcome: { readonly faults: readonly { field: string; message: string }[] }): string[] {
  return outcome.faults.map(({ field, message }) => `${field}: ${message}`);
}
