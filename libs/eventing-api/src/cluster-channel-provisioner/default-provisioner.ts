import type { AdmissionLookup } from '../admission/admission.types.js';
import { NAMESPACE } from '../kinds/core-kinds.js';
import type { KubeObject } from '../meta/kube-object.types.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from './cluster-channel-provisioner.kind.js';

/** On a ClusterChannelProvisioner, with the value `"true"`: Channels that name no provisioner get this one. */
export const IS_DEFAULT_PROVISIONER_ANNOTATION = 'eventing.knative.dev/is-default-provisioner';
/** On a Namespace: name of the ClusterChannelProvisioner for its Channels that name none. Wins over the default of the cluster. */
export const DEFAULT_PROVISIONER_ANNOTATION = 'eventing.knative.dev/default-provisioner';

/** Which provisioner a Channel gets that names none. */
export interface DefaultProvisioner {
  /** Absent where neither the namespace nor the cluster has a default. */
  readonly name?: string;
  /** Every ClusterChannelProvisioner marked as default, the chosen one first; empty where the namespace decided. More than one: warn. */
  readonly contenders: readonly string[];
}

/**
 * Chooses the default provisioner for a namespace: its annotation first, then the cluster's; of several defaults the newest one wins, as it
 * does for StorageClasses (Kubernetes 1.26), and of those made in the same second the first by name.
 */
export function chooseDefaultProvisioner(namespace: string, lookup: AdmissionLookup): DefaultProvisioner {
  const ofNamespace = lookup.get(NAMESPACE, { name: namespace })?.metadata.annotations?.[
    DEFAULT_PROVISIONER_ANNOTATION
  ];
  if (ofNamespace !== undefined && ofNamespace !== '') {
    return { name: ofNamespace, contenders: [] };
  }
  const contenders = lookup
    .list(CLUSTER_CHANNEL_PROVISIONER_KIND)
    .filter(isMarkedDefault)
    .sort(newestFirst)
    .map((provisioner) => provisioner.metadata.name ?? '');
  return contenders[0] === undefined ? { contenders } : { name: contenders[0], contenders };
}

/** Whether a ClusterChannelProvisioner asks to be the cluster's default, and stays. */
export function isMarkedDefault({ metadata }: KubeObject): boolean {
  return (
    metadata.deletionTimestamp === undefined && metadata.annotations?.[IS_DEFAULT_PROVISIONER_ANNOTATION] === 'true'
  );
}

function newestFirst(left: KubeObject, right: KubeObject): number {
  const age = createdAtMs(right) - createdAtMs(left);
  return age !== 0 ? age : (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1;
}

function createdAtMs({ metadata }: KubeObject): number {
  return metadata.creationTimestamp === undefined ? 0 : Date.parse(metadata.creationTimestamp);
}
