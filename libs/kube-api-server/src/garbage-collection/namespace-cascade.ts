import { NAMESPACE } from '@millrace/eventing-api';
import { deleteObject } from '../rest/delete-object.js';
import type { RestContext } from '../rest/rest-context.js';
import { nameOf, resourceName } from '../storage/object-store.js';
import type { StoredChange } from '../storage/stored-change.types.js';
import type { BackgroundWork } from './background-queue.js';

const NAMESPACES = resourceName(NAMESPACE);
const DELETIONS_PER_TURN = 100;

/** Empties a Namespace that is being deleted, then removes it (kubectl delete ns). Objects with finalizers hold it up, as they do in Kubernetes. Keys are names. */
export class NamespaceCascade implements BackgroundWork {
  readonly #context: RestContext;

  constructor(context: RestContext) {
    this.#context = context;
  }

  keysAtStart(): string[] {
    return this.#context.store.list(NAMESPACES).map(nameOf);
  }

  keysAfter({ type, resource, object }: StoredChange): string[] {
    if (resource === NAMESPACES && type === 'MODIFIED') return [nameOf(object)];
    return type === 'DELETED' && object.metadata.namespace !== undefined ? [object.metadata.namespace] : [];
  }

  process(name: string): string[] {
    const { store } = this.#context;
    const namespace = store.get(NAMESPACES, '', name);
    if (namespace?.metadata.deletionTimestamp === undefined) return [];
    for (const { resource, object } of store.deletableInNamespace(name, DELETIONS_PER_TURN)) {
      const kind = this.#context.kindOf(resource);
      if (kind) deleteObject(this.#context, kind, object, { dryRun: false, propagationPolicy: 'Background' });
      // Left over from a kind that is served no longer; nobody can have a finalizer on it.
      else store.remove(resource, object);
    }
    if (!store.isNamespaceEmpty(name)) return store.deletableInNamespace(name, 1).map(() => name);
    if ((namespace.metadata.finalizers ?? []).length === 0) store.remove(NAMESPACES, namespace);
    return [];
  }
}
