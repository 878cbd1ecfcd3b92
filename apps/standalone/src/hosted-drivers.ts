import { join } from 'node:path';
import {
  CLUSTER_CHANNEL_PROVISIONER,
  type ChannelDriverProvider,
  type ClusterChannelProvisioner,
  type KubeObject,
  type Parameters,
} from '@millrace/eventing-api';
import type { StandaloneSettings } from './config.js';

/** A driver that this app is built with. */
interface HostedDriver {
  /** Loads it only when it is asked for: the clients of brokers take their time and memory. */
  readonly load: () => Promise<ChannelDriverProvider>;
  /** Where its store is. */
  readonly parameters: (settings: StandaloneSettings) => Parameters;
}

/** By the name that `--provisioners` gives them. */
const DRIVERS = {
  'in-memory': {
    load: async () => (await import('@millrace/provisioners-in-memory')).inMemoryDriverProvider,
    parameters: () => ({}),
  },
  kafka: {
    load: async () => (await import('@millrace/provisioners-kafka')).kafkaDriverProvider,
    parameters: ({ kafkaBrokers }) => ({ brokers: kafkaBrokers }),
  },
  nats: {
    load: async () => (await import('@millrace/provisioners-nats')).natsDriverProvider,
    parameters: ({ natsServers }) => ({ servers: natsServers }),
  },
  'gcp-pubsub': {
    load: async () => (await import('@millrace/provisioners-gcp-pubsub')).gcpPubSubDriverProvider,
    parameters: ({ gcpPubsubProject: project, gcpPubsubEmulator: emulator }) => ({ project, emulator }),
  },
} satisfies Record<string, HostedDriver>;

export type HostedProvisioner = keyof typeof DRIVERS;

export function providersOf(names: readonly HostedProvisioner[]): Promise<ChannelDriverProvider[]> {
  return Promise.all(names.map((name) => DRIVERS[name].load()));
}

/** The ClusterChannelProvisioners that come with each, in the folder of the app that hosts it alone. */
export function manifestFoldersOf(names: readonly HostedProvisioner[]): string[] {
  return names.map((name) => join(import.meta.dirname, '../../', `provisioner-${name}`, 'manifests'));
}

/** Of the manifests that come with the drivers: the object with its store where the settings say it is. */
export function atStoreOf(settings: StandaloneSettings, object: KubeObject): KubeObject {
  if (object.kind !== CLUSTER_CHANNEL_PROVISIONER.kind) return object;
  const { spec, ...rest } = object as ClusterChannelProvisioner;
  const driver = DRIVERS[spec?.driver as HostedProvisioner] as HostedDriver | undefined;
  if (!driver) return object;
  return { ...rest, spec: { ...spec, parameters: { ...spec?.parameters, ...driver.parameters(settings) } } };
}
