import type { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** How the Channels of a provisioner are reached. */
export type Routing = 'Ingress' | 'Direct' | 'Istio';

/** `spec.routing`, or its default. */
export function routingOf(provisioner: ClusterChannelProvisioner): Routing {
  return provisioner.spec?.routing ?? 'Ingress';
}
