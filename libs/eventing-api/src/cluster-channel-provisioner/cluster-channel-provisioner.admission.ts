import { admission } from '../admission/admission.js';
import type { AdmissionLookup } from '../admission/admission.types.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from './cluster-channel-provisioner.kind.js';
import { ClusterChannelProvisionerSpec, type ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';
import {
  validateClusterChannelProvisioner,
  validateClusterChannelProvisionerUpdate,
} from './cluster-channel-provisioner.validation.js';
import { isMarkedDefault } from './default-provisioner.js';

/** Admits a ClusterChannelProvisioner: validation and immutability; it has no stored defaults. */
export const admitClusterChannelProvisioner = admission<ClusterChannelProvisioner>({
  spec: ClusterChannelProvisionerSpec,
  validate: validateClusterChannelProvisioner,
  validateUpdate: validateClusterChannelProvisionerUpdate,
  warn: warnOfSecondDefault,
});

function warnOfSecondDefault(
  provisioner: ClusterChannelProvisioner,
  _previous: ClusterChannelProvisioner | undefined,
  lookup: AdmissionLookup,
): readonly string[] {
  if (!isMarkedDefault(provisioner)) {
    return [];
  }
  const others = lookup
    .list(CLUSTER_CHANNEL_PROVISIONER_KIND)
    .filter((other) => other.metadata.name !== provisioner.metadata.name && isMarkedDefault(other))
    .map((other) => other.metadata.name);
  return others.length === 0
    ? []
    : [`Also marked as default: ${others.join(', ')}. Channels that name no provisioner get the newest of them.`];
}
