import {
  CONTAINER_SOURCE,
  apiVersionOf,
  type ContainerSource,
  type ContainerSourceSpec,
  type KubeObject,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** A source that runs as a ContainerSource. */
export interface AdaptedSource extends KubeObject {
  readonly spec?: Pick<ContainerSourceSpec, 'serviceAccountName' | 'sink'>;
}

/** The ContainerSource that runs the receive adapter of a source (Knative Eventing Sources v0.4): its own image and arguments, the account and sink of the source. */
export function adapterContainerSource(
  source: AdaptedSource,
  adapter: { readonly image: string; readonly args: string[] },
): ContainerSource {
  const { name = '', namespace = '' } = source.metadata;
  const { serviceAccountName, sink } = source.spec ?? {};
  return {
    apiVersion: apiVersionOf(CONTAINER_SOURCE),
    kind: CONTAINER_SOURCE.kind,
    metadata: { generateName: `${name}-`, namespace, ownerReferences: [ownerReferenceTo(source)] },
    spec: {
      ...adapter,
      ...(serviceAccountName ? { serviceAccountName } : {}),
      ...(sink === undefined ? {} : { sink }),
    },
  };
}
