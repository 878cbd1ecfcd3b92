import { CONTAINER_SOURCE_REASONS, findCondition, type Condition, type Deployment } from '@millrace/eventing-api';

/** Why `Deployed` is not True. */
export interface DeployObstacle {
  readonly status: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** What a Deployment's status says about `Deployed`; undefined when it has a ready replica. `before` are the conditions of the source. */
export function deployObstacle(
  deployment: Deployment,
  before: readonly Condition[] | undefined,
): DeployObstacle | undefined {
  if ((deployment.status?.readyReplicas ?? 0) > 0) return undefined;
  const name = deployment.metadata.name ?? '';
  const progressing = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.status === 'False') {
    const message = `Deployment "${name}" does not come up: ${progressing.message ?? progressing.reason ?? 'no reason given'}`;
    return { status: 'False', reason: CONTAINER_SOURCE_REASONS.NoReadyReplicas, message };
  }
  const deployed = findCondition(before, 'Deployed');
  if (deployed?.status === 'True' || deployed?.reason === CONTAINER_SOURCE_REASONS.NoReadyReplicas) {
    const message = `Deployment "${name}" has no ready replica any more: nothing is sent.`;
    return { status: 'False', reason: CONTAINER_SOURCE_REASONS.NoReadyReplicas, message };
  }
  const message = `Deployment "${name}" has no ready replica yet.`;
  const reason =
    deployed?.reason === CONTAINER_SOURCE_REASONS.DeployUpdated
      ? CONTAINER_SOURCE_REASONS.DeployUpdated
      : CONTAINER_SOURCE_REASONS.Deploying;
  return { status: 'Unknown', reason, message };
}
