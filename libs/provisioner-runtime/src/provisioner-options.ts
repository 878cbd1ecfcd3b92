import type { ChannelDriverProvider } from '@millrace/eventing-api';

/** Settings of a process that hosts channel drivers. */
export interface ProvisionerOptions {
  /** The drivers that this process hosts. */
  readonly providers: readonly ChannelDriverProvider[];
  /** Address that the intake listens on. */
  readonly host: string;
  /** Port that the intake listens on; 0 = any free one. */
  readonly intakePort: number;
  /**
   * URL under which the ingress reaches the intake, shown in `ClusterChannelProvisioner.status.address.url`; `{provisioner}` stands for the name of the
   * ClusterChannelProvisioner. Default: the address that the intake listens on.
   */
  readonly advertisedUrl?: string | undefined;
  /** DNS domain of the cluster, `cluster.local` by custom. */
  readonly clusterDomain: string;
  /** Namespace of Millrace's own Services and Secrets. */
  readonly systemNamespace: string;
  /** What `Channel.status.address.url` shows; `{hostname}`, `{namespace}`, `{name}` and `{ingress}` are filled in. */
  readonly channelUrlTemplate: string;
  /** Largest request body that the intake takes. */
  readonly maxEventBytes: number;
  /** How long a deleted Channel goes on delivering what it holds. */
  readonly deletionGracePeriodMs: number;
  /** How long the position and the dead letters of a deleted Subscription are kept for one that is made anew under its name; an hour by custom, 0 = not at all. */
  readonly resumeGracePeriodMs: number;
  /** Whether several replicas run, of which the holder of a Lease alone reconciles. */
  readonly leaderElection: boolean;
}

/** Host of the ingress's Service. */
export function ingressHostname(options: Pick<ProvisionerOptions, 'systemNamespace' | 'clusterDomain'>): string {
  return `ingress-dispatcher.${options.systemNamespace}.svc.${options.clusterDomain}`;
}
