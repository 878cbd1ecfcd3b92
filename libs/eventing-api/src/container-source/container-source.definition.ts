import { SOURCES_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitContainerSource } from './container-source.admission.js';
import { ContainerSource } from './container-source.schema.js';

/** The ContainerSource kind (Knative Eventing Sources v0.4 `300-containersource.yaml`). */
export const CONTAINER_SOURCE: ResourceDefinition<ContainerSource> = {
  group: SOURCES_GROUP,
  version: VERSION,
  kind: 'ContainerSource',
  plural: 'containersources',
  singular: 'containersource',
  namespaced: true,
  shortNames: [],
  categories: ['all', 'knative', 'eventing', 'sources'],
  definitionLabels: { 'eventing.knative.dev/source': 'true' },
  printerColumns: READY_COLUMNS,
  schema: ContainerSource,
  statusSubresource: true,
  admit: admitContainerSource,
};
