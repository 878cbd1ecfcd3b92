import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ResourceKind } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';

/**
 * Writes a status that differs from the current one and returns the stored object; a status that is the same is never sent, since a write that changes
 * nothing would wake every watcher. The resourceVersion of `current` goes along: a Conflict is thrown, for the work queue to try again with what
 * is there by then.
 */
export async function updateStatusIfChanged<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  current: T,
  desiredStatus: T['status'],
): Promise<T> {
  const status = asJson(desiredStatus);
  if (isDeepStrictEqual(asJson(current.status), status)) return current;
  return client.updateStatus(kind, { ...current, status });
}

/** The value as the API would return it: without undefined members. An absent status equals an empty one. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}));
}
