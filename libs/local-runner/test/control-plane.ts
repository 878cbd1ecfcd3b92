import { silentLogger, type Clock } from '@millrace/eventing-api';
import { ControlPlane } from '../../control-plane/src/index.js';
import type { Laptop } from './laptop.js';

/** Namespace of the Leases. */
export const SYSTEM_NAMESPACE = 'knative-eventing';

/** The control plane of a laptop, not started yet. */
export function controlPlaneOf(laptop: Laptop, clock: Clock): ControlPlane {
  return new ControlPlane(
    { client: laptop.client, clock, logger: silentLogger },
    {
      clusterDomain: 'cluster.local',
      serviceAddresses: 'endpoints',
      receiveAdapterImages: { kubernetes: 'millrace/source-kubernetes', cron: 'millrace/source-cron' },
      leaderElection: false,
      systemNamespace: SYSTEM_NAMESPACE,
    },
  );
}
