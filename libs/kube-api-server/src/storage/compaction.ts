import type { ObjectStore } from './object-store.js';

/** Clients that were away for this many revisions list anew; kine and etcd keep 1,000 and five minutes. */
const KEPT_REVISIONS = 5_000;
const BATCH = 500;

/** Forgets a batch of old revisions; true when there is more to forget. */
export function compactOldRevisions(store: ObjectStore): boolean {
  return store.compact(KEPT_REVISIONS, BATCH);
}
