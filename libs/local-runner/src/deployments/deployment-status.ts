import type { Deployment, Pod } from '@millrace/eventing-api';
import { isOfTemplate, isPodReady } from './deployment-plan.js';
import { templateHash } from './deployment-pod.js';

type DeploymentStatus = NonNullable<Deployment['status']>;
type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

/** The status of a Deployment from its Pods (Kubernetes apps/v1). A Pod that cannot come up is a reason to say so at once. */
export function deploymentStatus(deployment: Deployment, pods: readonly Pod[], nowMs: number): DeploymentStatus {
  const wanted = deployment.spec?.replicas ?? 1;
  const hash = templateHash(deployment);
  const current = pods.filter((pod) => isOfTemplate(pod, hash));
  const ready = pods.filter(isPodReady).length;
  const currentReady = current.filter(isPodReady).length;
  const trouble = current.map(troubleOf).find((found) => found !== undefined);
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): DeploymentCondition => {
    const before = deployment.status?.conditions?.find((other) => other.type === type);
    const time = new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? time) : time;
    const isSame = before?.status === status && before.reason === reason && before.message === message;
    const lastUpdateTime = isSame ? (before.lastUpdateTime ?? time) : time;
    return { type, status, reason, message, lastTransitionTime, lastUpdateTime };
  };
  const isAvailable = ready >= wanted;
  return {
    ...(deployment.metadata.generation === undefined ? {} : { observedGeneration: deployment.metadata.generation }),
    replicas: pods.length,
    updatedReplicas: current.length,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: Math.max(0, wanted - ready),
    conditions: [
      isAvailable
        ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
        : condition(
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
      currentReady >= wanted
        ? condition('Progressing', 'True', 'NewReplicaSetAvailable', 'Every Pod of the current template is ready.')
        : trouble === undefined
          ? condition('Progressing', 'True', 'ReplicaSetUpdated', 'Pods of the current template are coming up.')
          : condition('Progressing', 'False', trouble.reason, trouble.message),
    ],
  };
}

/** Why a Pod does not get ready by itself: its image cannot be run, or it ends again and again. */
function troubleOf(pod: Pod): { reason: string; message: string } | undefined {
  for (const { state } of pod.status?.containerStatuses ?? []) {
    const { reason, message } = state?.['waiting'] ?? {};
    if (reason !== undefined && reason !== 'ContainerCreating') return { reason, message: message ?? reason };
  }
  return undefined;
}
