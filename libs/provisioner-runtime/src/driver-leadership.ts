import { DRIVER_CLAIMS_ANNOTATION, driverLeaseName, type ChannelDriverProvider } from '@millrace/eventing-api';
import { LeaderElector, type LeaderElection, type LeaderElectorOptions } from '@millrace/kube';

/** What the Leases of a process have in common, and what it does with leadership. */
export interface DriverLeadershipOptions extends Omit<LeaderElectorOptions, 'name' | 'exclusive' | 'annotations'> {
  /** The drivers that the process hosts; at least one. */
  readonly providers: readonly ChannelDriverProvider[];
  /** Whether several replicas run, of which one leads. */
  readonly leaderElection: boolean;
}

/**
 * Leadership of the process over its drivers. It holds one Lease a driver, also where there is nobody to share with: the control plane takes a driver
 * whose Lease is not renewed for not served (docs/adr/0011). The first Lease decides; the others follow it.
 */
export function driverLeadership({
  providers,
  leaderElection,
  onStarted,
  onStopped,
  ...common
}: DriverLeadershipOptions): LeaderElection {
  const leaseOf = ({ driver, claims }: ChannelDriverProvider) => ({
    name: driverLeaseName(driver),
    annotations: { [DRIVER_CLAIMS_ANNOTATION]: Object.keys(claims).join(',') },
  });
  const [first, ...others] = providers;
  if (!first) throw new RangeError('A provisioner hosts at least one driver');
  let followers: LeaderElector[] = [];
  return new LeaderElector({
    ...common,
    ...leaseOf(first),
    exclusive: leaderElection,
    onStarted: (signal) => {
      const renewed = { onStarted: () => undefined, exclusive: false };
      followers = others.map((provider) => new LeaderElector({ ...common, ...leaseOf(provider), ...renewed }));
      for (const follower of followers) follower.start();
      onStarted(signal);
    },
    onStopped: async () => {
      await Promise.all([onStopped?.(), ...followers.map((follower) => follower.stop())]);
    },
  });
}
