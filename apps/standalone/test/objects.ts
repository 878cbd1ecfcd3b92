import {
  CHANNEL,
  isReady,
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
