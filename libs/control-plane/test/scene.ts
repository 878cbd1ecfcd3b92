import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  EVENT,
  apiVersionOf,
  silentLogger,
  systemClock,
  type Channel,
  type Clock,
  type ClusterChannelProvisioner,
  type ContainerSource,
  type CronJobSource,
  type KubeObject,
  type KubernetesEventSource,
  type KnativeService,
  type Service,
  type Subscription,
} from '@millrace/eventing-api';
import { ControlPlane } from '../src/control-plane.js';
import type { ControlPlaneOptions } from '../src/control-plane-options.js';
import type { InMemoryKube } from './in-memory-kube.js';

export const EVENTING = 'eventing.knative.dev/v1alpha1';

/** A running control plane on an API of its own. */
export interface Scene {
  readonly kube: InMemoryKube;
  stop(): Promise<void>;
}

export async function startControlPlane(
  kube: InMemoryKube,
  options: Partial<ControlPlaneOptions> = {},
  clock: Clock = systemClock,
): Promise<Scene> {
  const controlPlane = new ControlPlane(
    { client: kube, clock, logger: silentLogger },
    {
      clusterDomain: 'cluster.local',
      serviceAddresses: 'dns',
      receiveAdapterImages: { kubernetes: 'millrace/source-kubernetes', cron: 'millrace/source-cron' },
      leaderElection: false,
      systemNamespace: 'knative-eventing',
      ...options,
    },
  );
  await controlPlane.start();
  const stop = async () => {
    await controlPlane.stopIntake();
    await controlPlane.close();
  };
  return { kube, stop };
}

export function provisioner(name: string, overrides: Partial<ClusterChannelProvisioner['metadata']> = {}) {
  const conditions = [{ type: 'Ready', status: 'True' as const }];
  return {
    apiVersion: apiVersionOf(CLUSTER_CHANNEL_PROVISIONER),
    kind: CLUSTER_CHANNEL_PROVISIONER.kind,
    metadata: { name, ...overrides },
    spec: {},
    status: { conditions },
  } satisfies ClusterChannelProvisioner;
}

export function channel(name: string, overrides: { status?: Channel['status']; spec?: Channel['spec'] } = {}): Channel {
  return {
    apiVersion: apiVersionOf(CHANNEL),
    kind: CHANNEL.kind,
    metadata: { name, namespace: 'default' },
    spec: { provisioner: { name: 'in-memory' }, ...overrides.spec },
    status: { ...readyStatus(name), ...overrides.status },
  };
}

/** What a provisioner writes into a Channel that works. */
export function readyStatus(name: string): NonNullable<Channel['status']> {
  return {
    address: { hostname: `${name}-channel-abcde.default.svc.cluster.local`, url: `http://ingress/default/${name}` },
    conditions: ['Addressable', 'Provisioned', 'Ready'].map((type) => ({ type, status: 'True' })),
  };
}

export function subscription(name: string, spec: Subscription['spec']): Subscription {
  return {
    apiVersion: EVENTING,
    kind: 'Subscription',
    metadata: { name, namespace: 'default' },
    spec: { channel: { apiVersion: EVENTING, kind: 'Channel', name: 'orders' }, ...spec },
  };
}

export function coreService(name: string): Service {
  const spec = { ports: [{ name: 'http', port: 80, targetPort: 'http' }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

export function knativeService(name: string, status?: NonNullable<KnativeService['status']>): KnativeService {
  const metadata = { name, namespace: 'default' };
  return { apiVersion: 'serving.knative.dev/v1alpha1', kind: 'Service', metadata, ...(status ? { status } : {}) };
}

export function containerSource(name: string, spec: ContainerSource['spec']): ContainerSource {
  return {
    apiVersion: 'sources.eventing.knative.dev/v1alpha1',
    kind: 'ContainerSource',
    metadata: { name, namespace: 'default' },
    spec: spec ?? {},
  };
}

export function kubernetesEventSource(name: string, spec: KubernetesEventSource['spec']): KubernetesEventSource {
  return {
    apiVersion: 'sources.eventing.knative.dev/v1alpha1',
    kind: 'KubernetesEventSource',
    metadata: { name, namespace: 'default' },
    spec: spec ?? {},
  };
}

export function cronJobSource(name: string, spec: CronJobSource['spec']): CronJobSource {
  return {
    apiVersion: 'sources.eventing.knative.dev/v1alpha1',
    kind: 'CronJobSource',
    metadata: { name, namespace: 'default' },
    spec: spec ?? {},
  };
}

export function conditionOf(object: KubeObject | undefined, type: string) {
  const { conditions } = (object?.status ?? {}) as {
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
  return conditions?.find((condition) => condition.type === type);
}

/** Waits until nothing has been written for a while: every controller has come to rest. */
export async function settled(kube: InMemoryKube, quietMs = 60): Promise<void> {
  for (let seen = -1; seen !== kube.revision;) {
    seen = kube.revision;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

/** The Events that were recorded, as `<kind>/<name> <reason>`, in order. */
export async function eventsOf(kube: InMemoryKube): Promise<string[]> {
  const { items } = await kube.list(EVENT);
  return items.map(
    ({ involvedObject, reason }) => `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''} ${reason ?? ''}`,
  );
}
