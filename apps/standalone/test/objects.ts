import {
  CHANNEL,
  ENDPOINT_SLICE,
  isReady,
  SERVICE,
  SUBSCRIPTION,
  type Channel,
  type ClusterChannelProvisioner,
  type Subscription,
} from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';
import { eventually } from './eventually.js';

const apiVersion = 'eventing.knative.dev/v1alpha1';

/** A Channel in `default`. */
export function channel(name: string, spec: NonNullable<Channel['spec']> = {}): Channel {
  return { apiVersion, kind: 'Channel', metadata: { namespace: 'default', name }, spec };
}

/** A Channel of the named ClusterChannelProvisioner. */
export function channelOf(provisioner: string, name: string): Channel {
  return channel(name, { provisioner: { apiVersion, kind: 'ClusterChannelProvisioner', name: provisioner } });
}

/** A Subscription in `default` that sends the events of a Channel to a URI. */
export function subscription(
  name: string,
  channelName: string,
  uri: string,
  delivery?: NonNullable<Subscription['spec']>['delivery'],
): Subscription {
  const channel = { apiVersion, kind: 'Channel', name: channelName };
  return {
    apiVersion,
    kind: 'Subscription',
    metadata: { namespace: 'default', name },
    spec: { channel, subscriber: { uri }, ...(delivery && { delivery }) },
  };
}

/** The Subscription with more in its `spec`. */
export function withSpec(made: Subscription, more: NonNullable<Subscription['spec']>): Subscription {
  return { ...made, spec: { ...made.spec, ...more } };
}

export function inMemoryProvisioner(name: string, parameters: Record<string, unknown>): ClusterChannelProvisioner {
  return {
    apiVersion,
    kind: 'ClusterChannelProvisioner',
    metadata: { name },
    spec: { driver: 'in-memory', parameters },
  };
}

export function channelReady(client: KubeClient, name: string): Promise<Channel> {
  return eventually(`Channel ${name} is Ready`, async () => {
    const found = await client.get(CHANNEL, { namespace: 'default', name });
    return found !== undefined && isReady(found) ? found : undefined;
  });
}

export function subscriptionReady(client: KubeClient, name: string): Promise<Subscription> {
  return eventually(`Subscription ${name} is Ready`, async () => {
    const found = await client.get(SUBSCRIPTION, { namespace: 'default', name });
    return found !== undefined && isReady(found) ? found : undefined;
  });
}

/** Makes a Channel and its Subscriptions, and waits until every event from now on goes to all of them. */
export async function createRoute(
  client: KubeClient,
  made: Channel,
  subscriptions: readonly Subscription[],
): Promise<Channel> {
  await client.create(CHANNEL, made);
  for (const each of subscriptions) await client.create(SUBSCRIPTION, each);
  for (const { metadata } of subscriptions) await subscriptionReady(client, metadata.name ?? '');
  return channelReady(client, made.metadata.name ?? '');
}

/** Changes a Subscription (merge patch of `spec`) and waits until its Channel says that it goes by that. */
export async function changeSubscription(client: KubeClient, name: string, spec: object): Promise<void> {
  const { metadata } = await client.patch(
    SUBSCRIPTION,
    { namespace: 'default', name },
    'application/merge-patch+json',
    { spec },
  );
  await eventually(`the change of Subscription ${name} is Ready`, async () => {
    const { status } = await subscriptionReady(client, name);
    return status?.observedGeneration === metadata.generation || undefined;
  });
}

/** Deletes a Subscription and waits until it is gone, as kubectl does. */
export async function deleteSubscription(client: KubeClient, name: string): Promise<void> {
  const key = { namespace: 'default', name };
  await client.delete(SUBSCRIPTION, key);
  await eventually(`Subscription ${name} is gone`, async () => !(await client.get(SUBSCRIPTION, key)) || undefined);
}

/** Makes a Service in `default` behind which a server of this machine stands. */
export async function createService(client: KubeClient, name: string, origin: string): Promise<void> {
  const metadata = { namespace: 'default', name };
  const port = Number(new URL(origin).port);
  await client.create(SERVICE, { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } });
  await client.create(ENDPOINT_SLICE, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'] }],
    ports: [{ port }],
  });
}
