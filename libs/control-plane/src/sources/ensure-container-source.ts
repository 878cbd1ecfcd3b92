import { isDeepStrictEqual } from 'node:util';
import { CONTAINER_SOURCE, type ContainerSource, type KubeObject } from '@millrace/eventing-api';
import type { EventRecorder, KubeClient } from '@millrace/kube';
import { onlyChild } from './only-child.js';

/** Makes or corrects the one ContainerSource that runs the receive adapter of a source. */
export async function ensureContainerSource(
  source: KubeObject,
  desired: ContainerSource,
  { client, recorder }: { readonly client: KubeClient; readonly recorder: Pick<EventRecorder, 'record'> },
): Promise<ContainerSource> {
  const actual = await onlyChild(client, CONTAINER_SOURCE, source);
  if (actual === undefined) {
    const created = await client.create(CONTAINER_SOURCE, desired);
    const message = `Created ContainerSource "${created.metadata.name ?? ''}".`;
    recorder.record(source, 'Normal', 'ContainerSourceCreated', message);
    return created;
  }
  // A kind of ours: the API fills nothing in, so every difference is one.
  if (isDeepStrictEqual(actual.spec, desired.spec)) return actual;
  return client.update(CONTAINER_SOURCE, { ...actual, spec: desired.spec ?? {} });
}
