import type { KubeObject, ObjectKey } from '@millrace/eventing-api';

/** The key of an object; its name is empty where it has none yet. */
export function keyOf({ metadata }: KubeObject): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name ?? '' };
}
