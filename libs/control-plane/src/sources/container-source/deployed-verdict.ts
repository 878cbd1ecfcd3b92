import { CONTAINER_SOURCE_REASONS, findCondition, type Condition, type Deployment } from '@millrace/eventing-api';

/** Why `Deployed` is not True. */
export interface DeployObstacle {
  readonly status: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/**
 * What a Deployment's status says about `Deployed`; undefined when it has a ready replica, and none of a former template that the current one cannot
 * take over from. `before` are the conditions of the source.
 */
export function deployObstacle(
  deployment: Deployment,
  before: readonly Condition[] | undefined,
): DeployObstacle | undefined {
  const { replicas = 0, updatedReplicas = replicas, readyReplicas = 0 } = deployment.status ?? {};
  const isRunning = readyReplicas > 0;
  if (isRunning && replicas <= updatedReplicas) return undefined;
  const name = deployment.metadata.name ?? '';
  const deployed = findCondition(before, 'Deployed');
  const progressing = progressOf(deployment);
  if (progressing?.status === 'False') {
    const why = progressing.message ?? progressing.reason ?? 'no reason given';
    const message = `Deployment "${name}" does not come up: ${why}${isRunning ? ' What ran before goes on.' : ''}`;
    const { ImageNotAvailable, DeploymentFailed } = CONTAINER_SOURCE_REASONS;
    // Said by the runner of a home without a cluster.
    const reason = progressing.reason === ImageNotAvailable ? ImageNotAvailable : DeploymentFailed;
    return { status: 'False', reason, message };
  }
  // One that ends again and again is not worth a change each time it is started.
  if (deployed?.reason === CONTAINER_SOURCE_REASONS.DeploymentFailed) {
    return { status: 'False', reason: deployed.reason, message: deployed.message ?? '' };
  }
  if (isRunning) return undefined;
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

/** What the Deployment says of its current template; nothing where it has not looked at that yet. */
function progressOf({ metadata, status }: Deployment) {
  const { generation = 0 } = metadata;
  if ((status?.observedGeneration ?? generation) < generation) return undefined;
  return status?.conditions?.find(({ type }) => type === 'Progressing');
}
