import type { ResourceDefinition } from '@millrace/eventing-api';
import { ALL_VERBS } from './built-in-kind.js';
import { CONFIG_MAP_KIND } from './kinds/config-map.kind.js';
import { CUSTOM_RESOURCE_DEFINITION_KIND } from './kinds/custom-resource-definition.kind.js';
import { DEPLOYMENT_KIND } from './kinds/deployment.kind.js';
import { ENDPOINT_SLICE_KIND } from './kinds/endpoint-slice.kind.js';
import { EVENT_KIND } from './kinds/event.kind.js';
import { KNATIVE_SERVICE_KIND } from './kinds/knative-service.kind.js';
import { LEASE_KIND } from './kinds/lease.kind.js';
import { NAMESPACE_KIND } from './kinds/namespace.kind.js';
import { POD_KIND } from './kinds/pod.kind.js';
import { ROLE_BINDING_KIND, ROLE_KIND } from './kinds/role.kind.js';
import { SECRET_KIND } from './kinds/secret.kind.js';
import { SERVICE_ACCOUNT_KIND } from './kinds/service-account.kind.js';
import { SERVICE_KIND } from './kinds/service.kind.js';
import { VIRTUAL_SERVICE_KIND } from './kinds/virtual-service.kind.js';
import type { ServedKind } from './served-kind.types.js';

/** In this order they are discovered: where two groups share a name (`services`), clients take the first. */
const BUILT_IN_KINDS = [
  CONFIG_MAP_KIND,
  EVENT_KIND,
  NAMESPACE_KIND,
  POD_KIND,
  SECRET_KIND,
  SERVICE_ACCOUNT_KIND,
  SERVICE_KIND,
  DEPLOYMENT_KIND,
  LEASE_KIND,
  ENDPOINT_SLICE_KIND,
  ROLE_KIND,
  ROLE_BINDING_KIND,
  CUSTOM_RESOURCE_DEFINITION_KIND,
  KNATIVE_SERVICE_KIND,
  VIRTUAL_SERVICE_KIND,
] as readonly ServedKind[];

/** Every kind of the embedded API: the Kubernetes kinds that Millrace and its users need, and the given definitions. */
export function servedKinds(definitions: readonly ResourceDefinition[]): readonly ServedKind[] {
  return [...BUILT_IN_KINDS, ...definitions.map(definedKind)];
}

/** A kind that Millrace defines, served as a cluster serves it by its CustomResourceDefinition. */
function definedKind(definition: ResourceDefinition): ServedKind {
  const { admit, statusSubresource: _status, definitionLabels: _labels, ...served } = definition;
  return { ...served, verbs: ALL_VERBS, subresources: ['status'], custom: true, hasGeneration: true, admission: admit };
}
