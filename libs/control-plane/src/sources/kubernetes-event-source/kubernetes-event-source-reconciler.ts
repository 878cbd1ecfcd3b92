import { isDeepStrictEqual } from 'node:util';
import {
  CONTAINER_SOURCE,
  KUBERNETES_EVENT_SOURCE,
  containerSourceConditions,
  keepTransitionTimes,
  type Clock,
  type ContainerSource,
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
import { onlyChild } from '../only-child.js';
import { kubernetesEventContainerSource } from './kubernetes-event-container-source.js';

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
    await this.report(source, await this.ensureContainerSource(source));
  }

  private async ensureContainerSource(source: KubernetesEventSource): Promise<ContainerSource> {
    const { client, recorder, image } = this.parts;
    const desired = kubernetesEventContainerSource(source, image);
    const actual = await onlyChild(client, CONTAINER_SOURCE, source);
    if (actual === undefined) {
      const created = await client.create(CONTAINER_SOURCE, desired);
      const message = `Created ContainerSource "${created.metadata.name ?? ''}".`;
      recorder.record(source, 'Normal', 'ContainerSourceCreated', message);
      return created;
    }
    // A kind of ours: the API fills nothing in, so every difference is one.
    if (isDeepStrictEqual(actual.spec, desired.spec)) return actual;
    return client.update(CONTAINER_SOURCE, { ...actual, spec: desired.spec ?? {} });
  }

  private async report(source: KubernetesEventSource, child: ContainerSource): Promise<void> {
    const now = new Date(this.parts.clock.now());
    const { generation } = source.metadata;
    const conditions = containerSourceConditions.initialize(child.status?.conditions, now);
    await updateStatusIfChanged(this.parts.client, KUBERNETES_EVENT_SOURCE, source, {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      conditions: keepTransitionTimes(source.status?.conditions, conditions),
      ...(child.status?.sinkUri === undefined ? {} : { sinkUri: child.status.sinkUri }),
    });
  }
}
