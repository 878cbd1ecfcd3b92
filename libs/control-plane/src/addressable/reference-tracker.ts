import type { ObjectKey, ResourceKind } from '@millrace/eventing-api';

/** An object that somebody's reconciliation looked at. */
export interface TrackedReference extends ObjectKey {
  readonly group: string;
  readonly kind: string;
}

/** Tells the tracker that an object is about to be read. */
export type NoteReference = (reference: TrackedReference) => void;

export function referenceTo(kind: Pick<ResourceKind, 'group' | 'kind'>, key: ObjectKey): TrackedReference {
  return { group: kind.group, kind: kind.kind, namespace: key.namespace, name: key.name };
}

/**
 * Remembers which objects each reconciled object (the owner) depends on, so that a change of one of them wakes exactly its owners. A
 * reference must be noted before it is read: then a change either is seen by that read or finds the owner here.
 */
export class ReferenceTracker {
  private readonly targetsByOwner = new Map<string, Set<string>>();
  private readonly ownersByTarget = new Map<string, Map<string, ObjectKey>>();

  /** Forgets what `owner` depended on and returns how to note what it depends on now. */
  begin(owner: ObjectKey): NoteReference {
    this.forget(owner);
    const ownerId = idOf(owner);
    const targets = new Set<string>();
    this.targetsByOwner.set(ownerId, targets);
    return (reference) => {
      const targetId = idOfReference(reference);
      targets.add(targetId);
      const owners = this.ownersByTarget.get(targetId) ?? new Map<string, ObjectKey>();
      owners.set(ownerId, owner);
      this.ownersByTarget.set(targetId, owners);
    };
  }

  forget(owner: ObjectKey): void {
    const ownerId = idOf(owner);
    for (const targetId of this.targetsByOwner.get(ownerId) ?? []) {
      const owners = this.ownersByTarget.get(targetId);
      owners?.delete(ownerId);
      if (owners?.size === 0) this.ownersByTarget.delete(targetId);
    }
    this.targetsByOwner.delete(ownerId);
  }

  ownersOf(reference: TrackedReference): readonly ObjectKey[] {
    return [...(this.ownersByTarget.get(idOfReference(reference))?.values() ?? [])];
  }
}

function idOf(key: ObjectKey): string {
  return `${key.namespace ?? ''}/${key.name}`;
}

function idOfReference(reference: TrackedReference): string {
  return `${reference.group}/${reference.kind}/${idOf(reference)}`;
}
