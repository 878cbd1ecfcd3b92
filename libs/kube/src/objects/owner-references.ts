import {
  apiVersionOf,
  type KubeObject,
  type ObjectKey,
  type OwnerReference,
  type ResourceKind,
} from '@millrace/eventing-api';

/** The reference by which `owner` controls an object: the garbage collector deletes the object after its owner. Throws when the owner was never stored. */
export function ownerReferenceTo(owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  if (name === undefined || uid === undefined) throw new TypeError(`A ${owner.kind} without UID cannot own anything`);
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The key of the controller of an object where that is of this kind, as what to reconcile when the object changes; else empty. */
export function controllerKeys({ metadata }: KubeObject, kind: ResourceKind): readonly ObjectKey[] {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const isOfKind = owner?.kind === kind.kind && owner.apiVersion.split('/')[0] === apiVersionOf(kind).split('/')[0];
  return isOfKind ? [{ namespace: metadata.namespace, name: owner.name }] : [];
}

/** True when `owner` is the one controller of `object`. Compares UIDs: a re-created owner of the same name is another one. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  const controller = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  return controller !== undefined && controller.uid === owner.metadata.uid;
}
