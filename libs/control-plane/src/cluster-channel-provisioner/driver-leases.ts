import {
  DRIVER_CLAIMS_ANNOTATION,
  LEASE,
  driverLeaseName,
  type Clock,
  type ClusterChannelProvisioner,
  type Lease,
} from '@millrace/eventing-api';
import { ObservedLease, type KubeClient, type ObjectCache } from '@millrace/kube';

/** What a Lease without a duration is good for, and how long a driver may take to show up after we did. */
const USUAL_DURATION_MS = 15_000;

/** What it takes to watch them. */
export interface DriverLeasesParts {
  readonly client: KubeClient;
  /** Of the system namespace. */
  readonly leases: ObjectCache<Lease>;
  readonly namespace: string;
  readonly clock: Clock;
}

/** Knows until when each driver counts as served, from the Leases that provisioners renew. */
export class DriverLeases {
  private readonly observed = new Map<string, ObservedLease>();
  private watchingSinceMs = Number.POSITIVE_INFINITY;

  constructor(private readonly parts: DriverLeasesParts) {}

  /** Begins to watch; returns how to end it. */
  follow(): () => void {
    const { leases, clock } = this.parts;
    leases.whenSynced().then(
      () => (this.watchingSinceMs = clock.now()),
      // Stopped before its first sync: then nobody asks either.
      () => undefined,
    );
    return leases.subscribe(({ type, object }) => {
      if (type === 'deleted') this.observed.delete(object.metadata.name ?? '');
      else this.see(object);
    });
  }

  /** How long the provisioner counts as served if no Lease changes; 0 or less where it does not. Believes only the API itself that nobody is there. */
  async servedForMs(provisioner: ClusterChannelProvisioner): Promise<number> {
    const { clock } = this.parts;
    const servedForMs = this.servedUntilMs(provisioner) - clock.now();
    if (servedForMs > 0) return servedForMs;
    await this.refresh(provisioner);
    return this.servedUntilMs(provisioner) - clock.now();
  }

  private servedUntilMs(provisioner: ClusterChannelProvisioner): number {
    const seen = this.leaseNames(provisioner).flatMap((name) => this.observed.get(name) ?? []);
    // Who has no Lease may be starting, as we are.
    if (seen.length === 0) return this.watchingSinceMs + USUAL_DURATION_MS;
    return Math.max(...seen.map((lease) => lease.expiresAtMs(USUAL_DURATION_MS)));
  }

  /** The caches of two kinds do not advance together. */
  private async refresh(provisioner: ClusterChannelProvisioner): Promise<void> {
    for (const name of this.leaseNames(provisioner)) {
      const lease = await this.parts.client.get(LEASE, { namespace: this.parts.namespace, name });
      if (lease) this.see(lease);
      else this.observed.delete(name);
    }
  }

  private see(lease: Lease): void {
    const name = lease.metadata.name ?? '';
    const observed = this.observed.get(name) ?? new ObservedLease();
    observed.see(lease, this.parts.clock.now());
    this.observed.set(name, observed);
  }

  /** Of the driver that the provisioner names, or of those that claim its name. */
  private leaseNames({ metadata, spec }: ClusterChannelProvisioner): string[] {
    const driver = spec?.driver ?? '';
    if (driver !== '') return [driverLeaseName(driver)];
    return [...this.observed]
      .filter(([, { lease }]) => claimsOf(lease).includes(metadata.name ?? ''))
      .map(([name]) => name);
  }
}

function claimsOf(lease: Lease | undefined): string[] {
  return lease?.metadata.annotations?.[DRIVER_CLAIMS_ANNOTATION]?.split(',') ?? [];
}
