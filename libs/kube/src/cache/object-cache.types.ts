import type { KubeObject, ObjectKey } from '@millrace/eventing-api';

/** What happened to an object in the cache; `previous` is absent for the first sight of it. */
export interface ObjectChange<T extends KubeObject> {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: T;
  readonly previous?: T | undefined;
}

/** The read side of a list-watch cache. Objects are shared and frozen by agreement: copy before changing one. */
export interface ObjectCache<T extends KubeObject> {
  /** True once a first list has been applied; stays true while the connection is lost. */
  readonly synced: boolean;
  /** Resolves at the first sync. */
  whenSynced(signal?: AbortSignal): Promise<void>;
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of a namespace, in the order of their names. */
  list(namespace?: string): readonly T[];
  /** Calls back for each object now there (as `added`) and each change from now on; returns how to stop that. */
  subscribe(listener: (change: ObjectChange<T>) => void): () => void;
}
