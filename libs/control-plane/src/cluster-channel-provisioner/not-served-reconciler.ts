import {
  CLUSTER_CHANNEL_PROVISIONER,
  CLUSTER_CHANNEL_PROVISIONER_REASONS,
  READY,
  clusterChannelProvisionerConditions,
  findCondition,
  keepTransitionTimes,
  type Clock,
  type ClusterChannelProvisioner,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import type { DriverLeases } from './driver-leases.js';

/** A Lease that has run out must still be so after this time: a replica may be taking over, or all of us slept with the machine. */
export const CONFIRM_MS = 4_000;

const { NotServed } = CLUSTER_CHANNEL_PROVISIONER_REASONS;

export interface NotServedReconcilerParts {
  readonly client: KubeClient;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  readonly driverLeases: DriverLeases;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/**
 * Says of a ClusterChannelProvisioner that no process serves it: `Ready=False`, reason `NotServed`. It never says the contrary: who takes the Lease of
 * the driver writes what it finds, and who does not hold the Lease writes nothing, so that two never take turns.
 */
export class NotServedReconciler implements Reconciler {
  readonly name = 'not-served-provisioners';
  /** By name, since when its Lease is known to have run out. */
  private readonly suspectedSinceMs = new Map<string, number>();

  constructor(private readonly parts: NotServedReconcilerParts) {}

  async reconcile({ name }: ObjectKey): Promise<ReconcileResult | undefined> {
    const { provisioners, driverLeases, clock } = this.parts;
    const provisioner = provisioners.get({ name });
    if (provisioner === undefined || isDeleting(provisioner)) {
      this.suspectedSinceMs.delete(name);
      return undefined;
    }
    const servedForMs = await driverLeases.servedForMs(provisioner);
    if (servedForMs > 0) {
      this.suspectedSinceMs.delete(name);
      return { requeueAfterMs: servedForMs };
    }
    const nowMs = clock.now();
    const sinceMs = this.suspectedSinceMs.get(name) ?? nowMs;
    this.suspectedSinceMs.set(name, sinceMs);
    const unconfirmedForMs = sinceMs + CONFIRM_MS - nowMs;
    if (unconfirmedForMs > 0) return { requeueAfterMs: unconfirmedForMs };
    await this.report(provisioner);
    return undefined;
  }

  private async report(provisioner: ClusterChannelProvisioner): Promise<void> {
    const { client, clock, recorder } = this.parts;
    const { status, metadata } = provisioner;
    const now = new Date(clock.now());
    const before = status?.conditions;
    const message = notServedMessage(provisioner);
    const initial = clusterChannelProvisionerConditions.initialize(before, now);
    const conditions = clusterChannelProvisionerConditions.markFalse(initial, READY, NotServed, message, now);
    await updateStatusIfChanged(client, CLUSTER_CHANNEL_PROVISIONER, provisioner, {
      ...status,
      ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
      conditions: keepTransitionTimes(before, conditions),
    });
    if (findCondition(before, READY)?.reason === NotServed) return;
    recorder.record(provisioner, 'Warning', NotServed, message);
  }
}

function notServedMessage({ metadata, spec }: ClusterChannelProvisioner): string {
  const driver = spec?.driver ?? '';
  if (driver !== '') {
    return `No running process serves driver "${driver}". Start provisioner-${driver}, or standalone with --provisioners ${driver}.`;
  }
  const name = metadata.name ?? '';
  return `No running process serves the name "${name}", and spec.driver names no driver. Start the provisioner that answers to this name (provisioner-${name} as a rule).`;
}
