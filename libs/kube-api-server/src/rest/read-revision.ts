import type { ObjectStore } from '../storage/object-store.js';
import { oneOf, readCount } from './resource-request.js';
import { badRequest, expired } from './status-error.js';

/**
 * The revision as of which to list, by `resourceVersion` and `resourceVersionMatch` (Kubernetes API concepts, "Resource versions"): the latest,
 * which is never older than what is asked for, or the exact one.
 */
export function readRevision(store: ObjectStore, query: URLSearchParams, limit: number): number {
  const match = oneOf('resourceVersionMatch', query.get('resourceVersionMatch') ?? '', ['', 'Exact', 'NotOlderThan']);
  const revision = readCount(query, 'resourceVersion');
  if (match !== '' && revision === undefined) {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match === 'Exact' && revision === 0) {
    throw badRequest(
      'resourceVersionMatch: Forbidden: resourceVersionMatch "Exact" is forbidden for resourceVersion "0"',
    );
  }
  if (revision === undefined || revision === 0) return store.revision;
  // A limit without a match has always meant the exact revision.
  if (match === 'Exact' || (match === '' && limit > 0)) {
    assertReadable(store, revision);
    return revision;
  }
  assertNotInFuture(store, revision);
  return store.revision;
}

/** Refuses (410) a revision whose history is gone, or that this store never gave out. */
export function assertReadable(store: ObjectStore, revision: number): void {
  assertNotInFuture(store, revision);
  if (revision < store.compactedRevision) {
    throw expired(`too old resource version: ${revision} (${store.compactedRevision})`);
  }
}

function assertNotInFuture(store: ObjectStore, revision: number): void {
  if (revision > store.revision) throw expired(`too large resource version: ${revision}, current: ${store.revision}`);
}
