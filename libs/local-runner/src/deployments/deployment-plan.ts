import type { Deployment, Pod } from '@millrace/eventing-api';
import { TEMPLATE_HASH_LABEL, templateHash } from './deployment-pod.js';

/** What makes the Pods of a Deployment what they should be. */
export interface DeploymentPlan {
  /** How many Pods of the current template to create. */
  readonly create: number;
  readonly remove: readonly Pod[];
}

/**
 * Decides for a Deployment and its Pods. A changed template rolls: the new Pods come first, and for each that is ready one old one goes. Of too
 * many, those go first that are not ready, then the youngest.
 */
export function planDeployment(deployment: Deployment, pods: readonly Pod[]): DeploymentPlan {
  const wanted = deployment.spec?.replicas ?? 1;
  const hash = templateHash(deployment);
  const finished = pods.filter(isFinished);
  const alive = pods.filter((pod) => !isFinished(pod));
  const current = alive.filter((pod) => isOfTemplate(pod, hash)).sort(mostWorthKeeping);
  const old = alive.filter((pod) => !isOfTemplate(pod, hash)).sort(mostWorthKeeping);
  const ready = current.filter(isPodReady).length;
  return {
    create: Math.max(0, wanted - current.length),
    remove: [...finished, ...current.slice(wanted), ...old.slice(Math.max(0, wanted - ready))],
  };
}

export function isOfTemplate(pod: Pod, hash: string): boolean {
  return pod.metadata.labels?.[TEMPLATE_HASH_LABEL] === hash;
}

export function isPodReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

function mostWorthKeeping(left: Pod, right: Pod): number {
  const readiness = Number(isPodReady(right)) - Number(isPodReady(left));
  const age = ({ metadata }: Pod) => `${metadata.creationTimestamp ?? ''} ${metadata.name ?? ''}`;
  return readiness !== 0 ? readiness : age(left) < age(right) ? -1 : 1;
}
