import type { ServiceAddressing } from './addressable/resolve-service-url.js';

/** Settings of the control plane. */
export interface ControlPlaneOptions extends ServiceAddressing {
  /** Images of the receive adapters, by source. */
  readonly receiveAdapterImages: {
    /** Of KubernetesEventSource. */
    readonly kubernetes: string;
    /** Of CronJobSource. */
    readonly cron: string;
  };
  /** Whether several replicas run, of which the holder of a Lease alone reconciles. */
  readonly leaderElection: boolean;
  /** Namespace of the Leases: of the controller, and of every driver. */
  readonly systemNamespace: string;
}
