import {
  channelServiceLabels,
  channelServiceName,
  channelVirtualHost,
  type Channel,
  type VirtualService,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';
import { dispatcherHostname } from '../../provisioner/dispatcher-service.js';
import { channelHostname, type ChannelPlace } from './channel-service.js';

/**
 * The VirtualService of a Channel: both of its hosts lead to the dispatcher Service, which is told the virtual host (Knative Eventing v0.4
 * `channel_util.go`). For the mesh only: it names no gateways.
 */
export function channelVirtualService(channel: Channel, place: ChannelPlace): VirtualService {
  const { name = '', namespace = '', uid = '' } = channel.metadata;
  const virtualHost = channelVirtualHost({ name, namespace, clusterDomain: place.clusterDomain });
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: {
      name: channelServiceName({ name, uid }),
      namespace,
      labels: channelServiceLabels({ channel: name, provisioner: place.provisioner }),
      ownerReferences: [ownerReferenceTo(channel)],
    },
    spec: {
      hosts: [channelHostname(channel, place.clusterDomain), virtualHost],
      http: [
        {
          rewrite: { authority: virtualHost },
          route: [{ destination: { host: dispatcherHostname(place.provisioner, place), port: { number: 80 } } }],
        },
      ],
    },
  };
}
