import { DEPLOYMENT, ENDPOINT_SLICE, POD, type KubeObject, type ResourceKind } from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';
import { MANAGED_BY_LABEL, MANAGED_BY_RUNNER } from '../services/endpoint-slices.js';
import { keepPodLogs } from './pod-log-folder.js';

/**
 * Removes what the run before this one left: Pods of Deployments, whose processes ended with it, and the EndpointSlices that name their ports.
 * Pods that a user made stay: they are started again, as after a reboot.
 */
export async function removeStalePods(client: KubeClient, podLogDir: string): Promise<void> {
  const { items: slices } = await client.list(ENDPOINT_SLICE, {
    labelSelector: `${MANAGED_BY_LABEL}=${MANAGED_BY_RUNNER}`,
  });
  for (const slice of slices) await remove(client, ENDPOINT_SLICE, slice);
  const { items: pods } = await client.list(POD);
  const isOurs = (pod: KubeObject) =>
    pod.metadata.ownerReferences?.some(({ controller, kind }) => controller === true && kind === DEPLOYMENT.kind);
  for (const pod of pods.filter(isOurs)) await remove(client, POD, pod);
  await keepPodLogs(
    podLogDir,
    pods.filter((pod) => !isOurs(pod)),
  );
}

async function remove(client: KubeClient, kind: ResourceKind, { metadata }: KubeObject): Promise<void> {
  const { namespace, name = '', uid } = metadata;
  await client.delete(kind, { namespace, name }, uid === undefined ? {} : { preconditions: { uid } });
}
