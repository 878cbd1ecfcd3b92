import type { KubeObject, ResourceKind } from '@millrace/eventing-api';
import type { KubeClient, ListOptions } from '../client/kube-client.types.js';

const PAGE_SIZE = 500;

/** All objects of a kind at one version. */
export interface Snapshot<T extends KubeObject> {
  readonly objects: readonly T[];
  readonly version: string;
}

/** Lists page by page. Asks for no particular version, so the answer is the newest state, not that of a replica which lags behind. */
export async function listAll<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  selection: ListOptions,
  signal: AbortSignal,
): Promise<Snapshot<T>> {
  const objects: T[] = [];
  let page: ListOptions = { ...selection, limit: PAGE_SIZE };
  for (;;) {
    const { items, metadata } = await client.list(kind, page);
    signal.throwIfAborted();
    for (const item of items) objects.push(item);
    if (!metadata.continue) return { objects, version: metadata.resourceVersion ?? '' };
    page = { ...page, continue: metadata.continue };
  }
}
