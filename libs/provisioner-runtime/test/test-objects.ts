import type {
  Channel,
  ChannelSubscriber,
  ClusterChannelProvisioner,
  StoredEvent,
  Subscription,
} from '@millrace/eventing-api';

export function provisionerObject(
  name: string,
  spec: ClusterChannelProvisioner['spec'] = {},
): ClusterChannelProvisioner {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'ClusterChannelProvisioner',
    metadata: { name, uid: `uid-of-${name}`, generation: 1 },
    spec,
  };
}

export function channelObject(spec: Channel['spec'] = {}, metadata: Channel['metadata'] = {}): Channel {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Channel',
    metadata: { name: 'orders', namespace: 'default', generation: 3, ...metadata },
    spec: { provisioner: { name: 'in-memory' }, ...spec },
  };
}

export function subscriber(name: string, subscriberURI: string): ChannelSubscriber {
  const uid = `uid-of-${name}`;
  return { uid, generation: 1, ref: { namespace: 'default', name, uid }, subscriberURI };
}

export function subscriptionObject(name: string, channel = 'orders'): Subscription {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Subscription',
    metadata: { name, namespace: 'default' },
    spec: { channel: { name: channel } },
  };
}

export function storedEvent(id: string): StoredEvent {
  return {
    ...{ specversion: '1.0', id, source: '/test', type: 'test' },
    headers: ['ce-specversion', '1.0', 'ce-id', id, 'ce-source', '/test', 'ce-type', 'test'],
    body: Buffer.from(id),
    mode: 'binary',
    transport: { hops: 1 },
  };
}
