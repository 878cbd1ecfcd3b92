import type { KubeObject, ObjectKey, ResourceKind } from '@millrace/eventing-api';
import type { KubeClient, ObjectCache } from '@millrace/kube';

/**
 * An object from a cache, or from the API where the cache has none: that something is missing is believed only of the API itself. Caches of
 * two kinds do not advance together, and a user who creates two objects in a row must not be told that the second is missing.
 */
export async function cachedOrLive<T extends KubeObject>(
  cache: ObjectCache<T>,
  client: KubeClient,
  kind: ResourceKind<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  return cache.get(key) ?? (key.name === '' ? undefined : await client.get(kind, key));
}
