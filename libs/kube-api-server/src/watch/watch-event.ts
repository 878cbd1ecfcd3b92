import type { KubeObject } from '@millrace/eventing-api';
import type { StoredChange } from '../storage/stored-change.types.js';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/**
 * What a change means to someone who sees only the objects that match: an object that comes to match is ADDED, one that no longer does is DELETED (in
 * its last matching state, with the revision of the change). Undefined: nothing.
 */
export function watchEventFor(change: StoredChange, matches: (object: KubeObject) => boolean): WatchEvent | undefined {
  const { object, previous } = change;
  const didMatch = previous !== undefined && matches(previous);
  if (change.type !== 'DELETED' && matches(object)) return { type: didMatch ? 'MODIFIED' : 'ADDED', object };
  if (!didMatch) return undefined;
  return { type: 'DELETED', object: atRevision(previous, change.revision) };
}

function atRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
