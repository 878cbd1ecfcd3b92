import { isDeepStrictEqual } from 'node:util';
import {
  apiVersionOf,
  NAMESPACE,
  toCustomResourceDefinition,
  type KubeObject,
  type ResourceDefinition,
} from '@millrace/eventing-api';
import { CUSTOM_RESOURCE_DEFINITION } from '../registry/kinds/custom-resource-definition.kind.js';
import { createInitial } from '../rest/create-object.js';
import type { RestContext } from '../rest/rest-context.js';
import { nameOf, resourceName } from '../storage/object-store.js';

const NAMESPACES = ['default', 'kube-system', 'knative-eventing'];

/**
 * Creates the namespaces that everything expects and the CustomResourceDefinitions of the given kinds (kubectl get crd), brings the latter up to date and removes those
 * that this program no longer serves.
 */
export function storeInitialObjects(context: RestContext, definitions: readonly ResourceDefinition[]): void {
  context.store.transaction(() => {
    for (const name of NAMESPACES) {
      createInitial(context, { apiVersion: apiVersionOf(NAMESPACE), kind: NAMESPACE.kind, metadata: { name } });
    }
    const served = definitions.map(establishedDefinition);
    for (const object of served) replaceDefinition(context, object);
    const names = new Set(served.map(nameOf));
    const stored = context.store.list(DEFINITIONS);
    for (const object of stored) if (!names.has(nameOf(object))) context.store.remove(DEFINITIONS, object);
  });
}

const DEFINITIONS = resourceName(CUSTOM_RESOURCE_DEFINITION);

function replaceDefinition(context: RestContext, object: KubeObject): void {
  const stored = createInitial(context, object);
  const replaced = JSON.parse(JSON.stringify({ ...stored, spec: object['spec'], status: object.status })) as KubeObject;
  if (!isDeepStrictEqual(stored, replaced)) context.store.update(DEFINITIONS, stored, replaced);
}

/** A definition as a cluster shows it once it serves the kind. */
function establishedDefinition(definition: ResourceDefinition): KubeObject {
  const object = toCustomResourceDefinition(definition);
  const { names } = object['spec'] as { names: unknown };
  const status = {
    acceptedNames: names,
    storedVersions: [definition.version],
    conditions: [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the kind is served' },
    ],
  };
  return { ...object, status };
}
