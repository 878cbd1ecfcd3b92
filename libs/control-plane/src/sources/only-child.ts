import type { KubeObject, ResourceKind } from '@millrace/eventing-api';
import { isControlledBy, isDeleting, type KubeClient } from '@millrace/kube';

/**
 * The one object of a kind that `owner` controls, or undefined. Asks the API, not a cache: a cache that lags behind would let a second one be
 * made under a generated name. Of several (made by hand, or by two leaders in one moment) the oldest stays and the others go.
 */
export async function onlyChild<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  owner: KubeObject,
  labelSelector?: string,
): Promise<T | undefined> {
  const { items } = await client.list(kind, { namespace: owner.metadata.namespace, labelSelector });
  const [oldest, ...others] = items
    .filter((object) => isControlledBy(object, owner) && !isDeleting(object))
    .sort(byAge);
  for (const { metadata } of others) {
    const { namespace, name = '', uid } = metadata;
    await client.delete(kind, { namespace, name }, uid === undefined ? {} : { preconditions: { uid } });
  }
  return oldest;
}

function byAge(left: KubeObject, right: KubeObject): number {
  const age = (object: KubeObject) => `${object.metadata.creationTimestamp ?? ''} ${object.metadata.name ?? ''}`;
  return age(left) < age(right) ? -1 : 1;
}
