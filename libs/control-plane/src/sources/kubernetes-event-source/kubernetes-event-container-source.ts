import {
  CONTAINER_SOURCE,
  apiVersionOf,
  type ContainerSource,
  type KubernetesEventSource,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** The ContainerSource that runs the receive adapter of a KubernetesEventSource (Knative Eventing Sources v0.4). */
export function kubernetesEventContainerSource(source: KubernetesEventSource, image: string): ContainerSource {
  const { name = '', namespace = '' } = source.metadata;
  const { serviceAccountName, sink } = source.spec ?? {};
  return {
    apiVersion: apiVersionOf(CONTAINER_SOURCE),
    kind: CONTAINER_SOURCE.kind,
    metadata: { generateName: `${name}-`, namespace, ownerReferences: [ownerReferenceTo(source)] },
    spec: {
      image,
      args: [`--namespace=${source.spec?.namespace || namespace}`],
      ...(serviceAccountName ? { serviceAccountName } : {}),
      ...(sink === undefined ? {} : { sink }),
    },
  };
}
