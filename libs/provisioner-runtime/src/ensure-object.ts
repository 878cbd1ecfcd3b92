import type { KubeObject, ResourceKind } from '@millrace/eventing-api';
import { isContained, isControlledBy, type KubeClient } from '@millrace/kube';

/** What ensuring an object found. `foreign` = an object of that name exists and belongs to somebody else; it was left alone. */
export type EnsureOutcome = 'created' | 'repaired' | 'unchanged' | 'foreign';

/**
 * Makes the object, or repairs its labels and spec where they lack what is desired; what others added (labels, a clusterIP) stays. The desired object
 * names its controller in `ownerReferences`, and only an object of that controller is touched.
 */
export async function ensureObject<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  desired: T,
  owner: KubeObject,
): Promise<EnsureOutcome> {
  const { name = '', namespace, labels } = desired.metadata;
  const key = { namespace, name };
  const existing = await client.get(kind, key);
  if (!existing) {
    await client.create(kind, desired);
    return 'created';
  }
  if (!isControlledBy(existing, owner)) return 'foreign';
  if (isContained(labels, existing.metadata.labels) && isContained(desired['spec'], existing['spec']))
    return 'unchanged';
  await client.update(kind, {
    ...existing,
    metadata: { ...existing.metadata, labels: { ...existing.metadata.labels, ...labels } },
    spec: { ...(existing['spec'] as object), ...(desired['spec'] as object) },
  });
  return 'repaired';
}
