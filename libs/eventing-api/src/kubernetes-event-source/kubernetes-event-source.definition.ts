import { SOURCES_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitKubernetesEventSource } from './kubernetes-event-source.admission.js';
import { KubernetesEventSource } from './kubernetes-event-source.schema.js';

/** The KubernetesEventSource kind (Knative Eventing Sources v0.4 `300-kuberneteseventsource.yaml`). */
export const KUBERNETES_EVENT_SOURCE: ResourceDefinition<KubernetesEventSource> = {
  group: SOURCES_GROUP,
  version: VERSION,
  kind: 'KubernetesEventSource',
  plural: 'kuberneteseventsources',
  singular: 'kuberneteseventsource',
  namespaced: true,
  shortNames: [],
  categories: ['all', 'knative', 'eventing', 'sources'],
  definitionLabels: { 'eventing.knative.dev/source': 'true' },
  printerColumns: READY_COLUMNS,
  schema: KubernetesEventSource,
  statusSubresource: true,
  admit: admitKubernetesEventSource,
};
