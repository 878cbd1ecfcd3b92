import {
  KUBERNETES_EVENT_SOURCE,
  containerSourceConditions,
  type Clock,
  type KubernetesEventSource,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type Reconciler,
} from '@millrace/kube';
import { adapterContainerSource } from '../adapter-container-source.js';
import { ensureContainerSource } from '../ensure-container-source.js';
import { sourceStatus } from '../source-status.js';

export const KUBERNETES_EVENT_SOURCE_CONTROLLER = 'kubernetes-event-source-controller';

export interface KubernetesEventSourceReconcilerParts {
  readonly client: KubeClient;
  readonly sources: ObjectCache<KubernetesEventSource>;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
  /** Image of the receive adapter. */
  readonly image: string;
}

/** Runs the receive adapter of a KubernetesEventSource as a ContainerSource and shows its conditions as its own. */
export class KubernetesEventSourceReconciler implements Reconciler {
  readonly name = KUBERNETES_EVENT_SOURCE_CONTROLLER;

  constructor(private readonly parts: KubernetesEventSourceReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const source = this.parts.sources.get(key);
    // What it owns goes with it: the garbage collector follows the owner reference.
    if (source === undefined || isDeleting(source)) return;
    const args = [`--namespace=${source.spec?.namespace || (source.metadata.namespace ?? '')}`];
    const desired = adapterContainerSource(source, { image: this.parts.image, args });
    const child = await ensureContainerSource(source, desired, this.parts);
    const now = new Date(this.parts.clock.now());
    const conditions = containerSourceConditions.initialize(child.status?.conditions, now);
    const status = sourceStatus(source, conditions, child.status?.sinkUri);
    await updateStatusIfChanged(this.parts.client, KUBERNETES_EVENT_SOURCE, source, status);
  }
}
