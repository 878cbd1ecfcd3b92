import {
  CONTAINER_SOURCE,
  CONTAINER_SOURCE_REASONS,
  DEPLOYMENT,
  containerSourceConditions,
  findCondition,
  type Clock,
  type Condition,
  type ContainerSource,
  type Deployment,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  KubeApiError,
  isContained,
  isDeleting,
  updateStatusIfChanged,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import type { AddressResolver } from '../../addressable/address-resolver.js';
import type { ReferenceTracker } from '../../addressable/reference-tracker.js';
import { onlyChild } from '../only-child.js';
import { sourceStatus } from '../source-status.js';
import { SOURCE_LABEL, containerSourceDeployment } from './container-source-deployment.js';
import { deployObstacle, type DeployObstacle } from './deployed-verdict.js';
import { resolveSink, type SinkResolution } from './resolve-sink.js';

export const CONTAINER_SOURCE_CONTROLLER = 'container-source-controller';

export interface ContainerSourceReconcilerParts {
  readonly client: KubeClient;
  readonly sources: ObjectCache<ContainerSource>;
  readonly addresses: AddressResolver;
  readonly tracker: ReferenceTracker;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/** Runs the container of a ContainerSource as a Deployment that knows the sink. */
export class ContainerSourceReconciler implements Reconciler {
  readonly name = CONTAINER_SOURCE_CONTROLLER;

  constructor(private readonly parts: ContainerSourceReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<ReconcileResult | undefined> {
    const { sources, tracker, addresses } = this.parts;
    const source = sources.get(key);
    if (source === undefined || isDeleting(source)) {
      tracker.forget(key);
      return undefined;
    }
    const sink = await resolveSink(source, addresses, tracker.begin(key));
    const obstacle = sink.outcome === 'resolved' ? await this.deploy(source, sink.uri) : undefined;
    await this.report(source, sink, obstacle);
    return sink.recheckAfterMs === undefined ? undefined : { requeueAfterMs: sink.recheckAfterMs };
  }

  /** Makes or corrects the Deployment. Resolves to what keeps it from running. */
  private async deploy(source: ContainerSource, sinkUri: string): Promise<DeployObstacle | undefined> {
    const { client, recorder } = this.parts;
    const desired = containerSourceDeployment(source, sinkUri);
    const actual = await onlyChild(client, DEPLOYMENT, source, SOURCE_LABEL);
    try {
      if (actual === undefined) {
        const created = await client.create(DEPLOYMENT, desired);
        recorder.record(source, 'Normal', 'Deployed', `Created Deployment "${created.metadata.name ?? ''}".`);
        return deployObstacle(created, undefined);
      }
      if (isUpToDate(desired, actual)) return deployObstacle(actual, source.status?.conditions);
      const updated = await client.update(DEPLOYMENT, corrected(desired, actual));
      const name = updated.metadata.name ?? '';
      recorder.record(source, 'Normal', 'DeployUpdated', `Updated Deployment "${name}".`);
      const message = `Deployment "${name}" was changed and has no ready replica yet.`;
      const isRunning = (updated.status?.readyReplicas ?? 0) > 0;
      return isRunning ? undefined : { status: 'Unknown', reason: CONTAINER_SOURCE_REASONS.DeployUpdated, message };
    } catch (error) {
      if (!(error instanceof KubeApiError) || error.reason === 'Conflict') throw error;
      await this.reportBlocked(source, sinkUri, error.message);
      throw error;
    }
  }

  private async reportBlocked(source: ContainerSource, uri: string, why: string): Promise<void> {
    const reason = CONTAINER_SOURCE_REASONS.DeploymentBlocked;
    const message = `The Deployment could not be written: ${why}`;
    if (findCondition(source.status?.conditions, 'Deployed')?.reason !== reason) {
      this.parts.recorder.record(source, 'Warning', reason, message);
    }
    await this.report(source, { outcome: 'resolved', uri }, { status: 'False', reason, message });
  }

  private async report(
    source: ContainerSource,
    sink: SinkResolution,
    obstacle: DeployObstacle | undefined,
  ): Promise<void> {
    const before = source.status?.conditions;
    const conditions = conditionsOf(before, sink, obstacle, new Date(this.parts.clock.now()));
    const status = sourceStatus(source, conditions, sink.outcome === 'resolved' ? sink.uri : undefined);
    await updateStatusIfChanged(this.parts.client, CONTAINER_SOURCE, source, status);
  }
}

function conditionsOf(
  before: readonly Condition[] | undefined,
  sink: SinkResolution,
  obstacle: DeployObstacle | undefined,
  now: Date,
): Condition[] {
  const initial = containerSourceConditions.initialize(before, now);
  if (sink.outcome === 'unresolved') {
    return containerSourceConditions.markFalse(initial, 'SinkProvided', sink.reason, sink.message, now);
  }
  const provided = containerSourceConditions.markTrue(initial, 'SinkProvided', now);
  if (obstacle === undefined) return containerSourceConditions.markTrue(provided, 'Deployed', now);
  const { reason, message } = obstacle;
  return obstacle.status === 'False'
    ? containerSourceConditions.markFalse(provided, 'Deployed', reason, message, now)
    : containerSourceConditions.markUnknown(provided, 'Deployed', reason, message, now);
}

/** Containment alone would not notice a service account that was taken away. */
function isUpToDate(desired: Deployment, actual: Deployment): boolean {
  const accountOf = (deployment: Deployment) => deployment.spec?.template.spec?.serviceAccountName || undefined;
  return (
    isContained(desired.spec, actual.spec) &&
    isContained(desired.metadata.labels, actual.metadata.labels) &&
    accountOf(desired) === accountOf(actual)
  );
}

/** The Deployment as it should be; its selector, which cannot change, and its scale stay. */
function corrected(desired: Deployment, actual: Deployment): Deployment {
  const template = desired.spec?.template ?? {};
  return {
    ...actual,
    metadata: { ...actual.metadata, labels: { ...actual.metadata.labels, ...desired.metadata.labels } },
    spec: { ...actual.spec, selector: actual.spec?.selector ?? {}, template },
  };
}
