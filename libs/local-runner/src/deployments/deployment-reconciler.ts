import { DEPLOYMENT, POD, type Clock, type Deployment, type ObjectKey, type Pod } from '@millrace/eventing-api';
import {
  isControlledBy,
  isDeleting,
  updateStatusIfChanged,
  type KubeClient,
  type ObjectCache,
  type Reconciler,
} from '@millrace/kube';
import { deploymentPod } from './deployment-pod.js';
import { planDeployment } from './deployment-plan.js';
import { deploymentStatus } from './deployment-status.js';

export interface DeploymentReconcilerParts {
  readonly client: KubeClient;
  readonly deployments: ObjectCache<Deployment>;
  readonly clock: Clock;
}

/** Makes and removes the Pods of a Deployment and says how many are ready. There are no ReplicaSets here: a Deployment owns its Pods. */
export class DeploymentReconciler implements Reconciler {
  readonly name = 'local-deployments';

  constructor(private readonly parts: DeploymentReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const { client, deployments, clock } = this.parts;
    const deployment = deployments.get(key);
    // The garbage collector takes the Pods of a Deployment that is gone.
    if (deployment === undefined || isDeleting(deployment)) return;
    const pods = await this.podsOf(deployment);
    const plan = planDeployment(deployment, pods);
    const removed = new Set(plan.remove);
    const remaining = pods.filter((pod) => !removed.has(pod));
    for (let created = 0; created < plan.create; created += 1) {
      remaining.push(await client.create(POD, deploymentPod(deployment)));
    }
    for (const { metadata } of plan.remove) {
      await client.delete(POD, { namespace: metadata.namespace, name: metadata.name ?? '' });
    }
    const status = deploymentStatus(deployment, remaining, clock.now());
    await updateStatusIfChanged(client, DEPLOYMENT, deployment, status);
  }

  /** Asks the API, not a cache: one that lags behind would let Pods be made twice. */
  private async podsOf(deployment: Deployment): Promise<Pod[]> {
    const { items } = await this.parts.client.list(POD, { namespace: deployment.metadata.namespace });
    return items.filter((pod) => isControlledBy(pod, deployment) && !isDeleting(pod));
  }
}
