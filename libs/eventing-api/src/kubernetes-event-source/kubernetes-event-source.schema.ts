import { Type, type Static } from 'typebox';
import { SourceStatus } from '../container-source/container-source.schema.js';
import { customResource } from '../kinds/custom-resource.schema.js';
import { ObjectReference } from '../meta/object-reference.schema.js';

export const KubernetesEventSourceSpec = Type.Object(
  {
    namespace: Type.Optional(
      Type.String({
        description: 'Namespace whose Kubernetes Events are forwarded. Default: the namespace of this object.',
      }),
    ),
    serviceAccountName: Type.Optional(
      Type.String({ description: 'ServiceAccount of the receive adapter; needs get, list and watch on events.' }),
    ),
    sink: Type.Optional(ObjectReference),
  },
  { description: 'Which Kubernetes Events, and where to.' },
);
export type KubernetesEventSourceSpec = Static<typeof KubernetesEventSourceSpec>;

/** Forwards the Kubernetes Events of a namespace as CloudEvents (Knative Eventing Sources v0.4 `kuberneteseventsource_types.go`). */
export const KubernetesEventSource = customResource(
  'A KubernetesEventSource forwards the Kubernetes Events of a namespace to a sink as CloudEvents.',
  KubernetesEventSourceSpec,
  SourceStatus,
);
export type KubernetesEventSource = Static<typeof KubernetesEventSource>;
