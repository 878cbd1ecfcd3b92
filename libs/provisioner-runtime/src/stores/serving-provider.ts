import type { ChannelDriverProvider, ClusterChannelProvisioner, Parameters } from '@millrace/eventing-api';

/** Who serves a ClusterChannelProvisioner, and with which parameters. */
export interface ServingProvider {
  readonly provider: ChannelDriverProvider;
  readonly parameters: Parameters;
}

/**
 * The provider whose name is `spec.driver`; where that is empty, as in 2019, the one that claims the object's name, with the parameters
 * that the name implies under those that the object gives.
 */
export function servingProvider(
  provisioner: ClusterChannelProvisioner,
  providers: readonly ChannelDriverProvider[],
): ServingProvider | undefined {
  const given = provisioner.spec?.parameters ?? {};
  const driver = provisioner.spec?.driver ?? '';
  if (driver !== '') {
    const named = providers.find((provider) => provider.driver === driver);
    return named && { provider: named, parameters: given };
  }
  const name = provisioner.metadata.name ?? '';
  for (const provider of providers) {
    const implied = Object.hasOwn(provider.claims, name) ? provider.claims[name] : undefined;
    if (implied) return { provider, parameters: { ...implied, ...given } };
  }
  return undefined;
}

/** Agent name in Events, and finalizer on Channels, of a driver (Knative Eventing v0.4: `in-memory-channel-controller`). */
export function controllerName(driver: string): string {
  return `${driver}-channel-controller`;
}
