import { join } from 'node:path';
import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { inMemoryDriverProvider } from '@millrace/provisioners-in-memory';

/** The drivers that this app is built with, by the name that `--provisioners` gives them. */
const DRIVERS = { 'in-memory': inMemoryDriverProvider } satisfies Record<string, ChannelDriverProvider>;

export type HostedProvisioner = keyof typeof DRIVERS;

export function providersOf(names: readonly HostedProvisioner[]): ChannelDriverProvider[] {
  return names.map((name) => DRIVERS[name]);
}

/** The ClusterChannelProvisioners that come with each, in the folder of the app that hosts it alone. */
export function manifestFoldersOf(names: readonly HostedProvisioner[]): string[] {
  return names.map((name) => join(import.meta.dirname, '../../', `provisioner-${name}`, 'manifests'));
}
