import {
  channelServiceHostname,
  channelServiceLabels,
  channelServiceName,
  type Channel,
  type Routing,
  type Service,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';
import { dispatcherHostname } from '../../provisioner/dispatcher-service.js';
import { ingressHostname } from '../../provisioner-options.js';

/** What the objects of a Channel depend on, beside the Channel. */
export interface ChannelPlace {
  /** Name of the ClusterChannelProvisioner. */
  readonly provisioner: string;
  readonly routing: Routing;
  readonly systemNamespace: string;
  readonly clusterDomain: string;
}

/** The DNS name by which producers know the Channel: that of its Service. */
export function channelHostname(channel: Channel, clusterDomain: string): string {
  const { name = '', namespace = '', uid = '' } = channel.metadata;
  return channelServiceHostname({ serviceName: channelServiceName({ name, uid }), namespace, clusterDomain });
}

/**
 * The Service of a Channel, owned by it. It leads to the ingress or straight to the provisioner; with Istio it has neither selector nor
 * endpoints, since a VirtualService says where its requests go (Knative Eventing v0.4 `channel_util.go`).
 */
export function channelService(channel: Channel, place: ChannelPlace): Service {
  const { name = '', namespace = '', uid = '' } = channel.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: channelServiceName({ name, uid }),
      namespace,
      labels: channelServiceLabels({ channel: name, provisioner: place.provisioner }),
      ownerReferences: [ownerReferenceTo(channel)],
    },
    spec: { ...addressing(place), ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  };
}

function addressing(place: ChannelPlace): NonNullable<Service['spec']> {
  switch (place.routing) {
    case 'Ingress':
      return { type: 'ExternalName', externalName: ingressHostname(place) };
    case 'Direct':
      return { type: 'ExternalName', externalName: dispatcherHostname(place.provisioner, place) };
    case 'Istio':
      return { type: 'ClusterIP' };
  }
}
