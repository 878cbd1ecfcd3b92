import { apiVersionOf, NAMESPACE, type KubeObject, type ObjectMeta } from '@millrace/eventing-api';
import type { ObjectStore } from '../storage/object-store.js';

/** True while an object may not leave the store: it has finalizers, or it is a Namespace, which goes when it is empty (namespace cascade). */
export function isHeld(object: KubeObject): boolean {
  return isNamespace(object) || (object.metadata.finalizers ?? []).length > 0;
}

export function isNamespace({ apiVersion, kind }: KubeObject): boolean {
  return kind === NAMESPACE.kind && apiVersion === apiVersionOf(NAMESPACE);
}

/** An object with other finalizers or owners; an empty list is left out, as in Kubernetes. */
export function withLists(object: KubeObject, lists: Pick<ObjectMeta, 'finalizers' | 'ownerReferences'>): KubeObject {
  const metadata = { ...object.metadata, ...lists };
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
  if (metadata.ownerReferences?.length === 0) delete metadata.ownerReferences;
  return { ...object, metadata };
}

/** Stores a changed object; if it is being deleted and the change lets go of it, removes it instead. */
export function storeChange(store: ObjectStore, resource: string, current: KubeObject, next: KubeObject): KubeObject {
  if (next.metadata.deletionTimestamp === undefined || isHeld(next)) return store.update(resource, current, next);
  const { resourceVersion = '' } = store.remove(resource, current).metadata;
  return { ...next, metadata: { ...next.metadata, resourceVersion } };
}
