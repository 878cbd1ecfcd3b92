import { NAMESPACE } from '@millrace/eventing-api';
import { resourceName } from '../storage/object-store.js';
import type { RestContext } from './rest-context.js';
import type { ResourceTarget } from './resource-request.js';
import { forbidden, StatusError } from './status-error.js';

/** Refuses to create in a namespace that is missing (404) or being deleted (403). */
export function assertNamespaceTakesObjects(context: RestContext, target: ResourceTarget, name: string): void {
  const { namespace } = target;
  if (namespace === undefined) return;
  const found = context.store.get(resourceName(NAMESPACE), '', namespace);
  if (!found) {
    const details = { name: namespace, kind: NAMESPACE.plural };
    throw new StatusError(404, 'NotFound', `namespaces "${namespace}" not found`, details);
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(target.resolved, name, why, [
    { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
  ]);
}
