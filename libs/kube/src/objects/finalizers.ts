import type { KubeObject, ResourceKind } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';
import { hasReason } from '../client/kube-errors.js';

/** True from the delete request on, until the last finalizer is gone and the object with it. */
export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** The object with this finalizer; the same object when it has it already. */
export function withFinalizer<T extends KubeObject>(object: T, name: string): T {
  const finalizers = object.metadata.finalizers ?? [];
  return finalizers.includes(name) ? object : withFinalizers(object, [...finalizers, name]);
}

/** The object without this finalizer; the same object when it does not have it. */
export function withoutFinalizer<T extends KubeObject>(object: T, name: string): T {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(name)) return object;
  return withFinalizers(
    object,
    finalizers.filter((other) => other !== name),
  );
}

/**
 * Stores the finalizers of an object and nothing else, and returns what is stored then: undefined where the object is gone. Only this object in this
 * version is touched: a Conflict is thrown otherwise.
 */
export async function writeFinalizers<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  object: T,
): Promise<T | undefined> {
  const { namespace, name = '', resourceVersion, uid, finalizers = [] } = object.metadata;
  const metadata = { uid, resourceVersion, finalizers };
  try {
    return await client.patch(kind, { namespace, name }, 'application/merge-patch+json', { metadata });
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

function withFinalizers<T extends KubeObject>(object: T, finalizers: string[]): T {
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
