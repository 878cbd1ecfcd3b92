import type { KubeObject, Logger, OwnerReference } from '@millrace/eventing-api';
import { deleteObject, FOREGROUND_FINALIZER, isUndeletable, ORPHAN_FINALIZER } from '../rest/delete-object.js';
import { storeChange, withLists } from '../rest/finish-deletion.js';
import type { RestContext } from '../rest/rest-context.js';
import { nameOf, uidOf } from '../storage/object-store.js';
import type { StoredChange, StoredObject } from '../storage/stored-change.types.js';
import type { BackgroundWork } from './background-queue.js';

/**
 * Deletes objects whose owners are all gone (every controller relies on it), and carries out kubectl delete --cascade=foreground and =orphan
 * (Kubernetes "Garbage Collection"). Keys are UIDs. An owner that never
 * existed, or that lives in another namespace, counts as gone.
 */
export class OwnerCollector implements BackgroundWork {
  readonly #context: RestContext;
  readonly #logger: Logger;

  constructor(context: RestContext, logger: Logger) {
    this.#context = context;
    this.#logger = logger;
  }

  keysAtStart(): string[] {
    return this.#context.store.ownedOrDeleting().map(keyOf);
  }

  keysAfter({ type, object, previous }: StoredChange): string[] {
    const owners = object.metadata.ownerReferences ?? [];
    const isAffected = type === 'DELETED' || owners.length > 0 || object.metadata.deletionTimestamp !== undefined;
    // An owner that waits for its dependents looks again when one of them is gone or no longer its own.
    const stillOwned = type === 'DELETED' ? [] : owners.map(({ uid }) => uid);
    const formerOwners = (previous?.metadata.ownerReferences ?? []).map(({ uid }) => uid);
    return [...(isAffected ? [uidOf(object)] : []), ...formerOwners.filter((uid) => !stillOwned.includes(uid))];
  }

  process(uid: string): string[] {
    const found = this.#context.store.findByUid(uid);
    if (!found) return this.#context.store.dependentsOf(uid).map(keyOf);
    const { metadata } = found.object;
    if (metadata.deletionTimestamp === undefined) this.#collect(found);
    else if (metadata.finalizers?.includes(FOREGROUND_FINALIZER)) return this.#deleteDependentsOf(found);
    else if (metadata.finalizers?.includes(ORPHAN_FINALIZER)) this.#releaseDependentsOf(found);
    return [];
  }

  /** Foreground: the owner stays until the dependents that block it are gone. */
  #deleteDependentsOf(owner: StoredObject): string[] {
    const uid = uidOf(owner.object);
    const dependents = this.#context.store.dependentsOf(uid);
    const blocked = dependents.some(({ object }) =>
      object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
    if (!blocked) this.#takeFinalizer(owner, FOREGROUND_FINALIZER);
    return dependents.map(keyOf);
  }

  #releaseDependentsOf(owner: StoredObject): void {
    const uid = uidOf(owner.object);
    for (const dependent of this.#context.store.dependentsOf(uid)) this.#takeOwners(dependent, [uid]);
    this.#takeFinalizer(owner, ORPHAN_FINALIZER);
  }

  #collect(found: StoredObject): void {
    const { resource, object } = found;
    const owners = object.metadata.ownerReferences ?? [];
    const states = owners.map((owner) => ({ owner, state: this.#stateOf(owner, object) }));
    const going = states.filter(({ state }) => state !== 'present');
    if (going.length === 0) return;
    if (going.length < states.length) {
      const uids = going.map(({ owner }) => owner.uid);
      this.#takeOwners(found, uids);
      return;
    }
    const kind = this.#context.kindOf(resource);
    if (!kind || isUndeletable(object)) return;
    const inForeground =
      states.some(({ state }) => state === 'waiting') && this.#context.store.dependentsOf(uidOf(object)).length > 0;
    deleteObject(this.#context, kind, object, {
      dryRun: false,
      ...(inForeground ? { propagationPolicy: 'Foreground' } : {}),
    });
    this.#logger.debug('collected an object whose owners are gone', {
      resource,
      namespace: object.metadata.namespace,
      name: nameOf(object),
    });
  }

  /** `waiting`: the owner is being deleted in the foreground. An owner of a kind that is not served here counts as present. */
  #stateOf({ apiVersion, kind, uid }: OwnerReference, dependent: KubeObject): 'present' | 'waiting' | 'absent' {
    const ownerKind = this.#context.registry.byKind(apiVersion, kind)?.kind;
    // A cluster-scoped object cannot have a namespaced owner; Kubernetes leaves such an object alone.
    if (!ownerKind || (ownerKind.namespaced && dependent.metadata.namespace === undefined)) return 'present';
    const owner = this.#context.store.findByUid(uid)?.object;
    if (!owner || (ownerKind.namespaced && owner.metadata.namespace !== dependent.metadata.namespace)) return 'absent';
    const { deletionTimestamp, finalizers = [] } = owner.metadata;
    return deletionTimestamp !== undefined && finalizers.includes(FOREGROUND_FINALIZER) ? 'waiting' : 'present';
  }

  #takeFinalizer({ resource, object }: StoredObject, finalizer: string): void {
    const finalizers = object.metadata.finalizers?.filter((other) => other !== finalizer) ?? [];
    storeChange(this.#context.store, resource, object, withLists(object, { finalizers }));
  }

  #takeOwners({ resource, object }: StoredObject, uids: readonly string[]): void {
    const ownerReferences = object.metadata.ownerReferences?.filter(({ uid }) => !uids.includes(uid)) ?? [];
    storeChange(this.#context.store, resource, object, withLists(object, { ownerReferences }));
  }
}

function keyOf({ object }: StoredObject): string {
  return uidOf(object);
}
