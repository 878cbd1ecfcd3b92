import type { FieldFault } from '../admission/admission.types.js';
import { dnsLabelFaults } from '../admission/dns-label.js';
import { immutabilityFaults } from '../admission/immutability.js';
import { routingOf } from './cluster-channel-provisioner.defaults.js';
import type { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** Faults of a ClusterChannelProvisioner; its parameters are the driver's to judge, in a condition. */
export function validateClusterChannelProvisioner({ metadata }: ClusterChannelProvisioner): FieldFault[] {
  return dnsLabelFaults(
    metadata,
    "a ClusterChannelProvisioner's name is a label value of every Service of its Channels",
  );
}

/** Driver and routing stay, as a StorageClass keeps its provisioner: Channels made by the one would be lost to the other. */
export function validateClusterChannelProvisionerUpdate(
  provisioner: ClusterChannelProvisioner,
  previous: ClusterChannelProvisioner,
): FieldFault[] {
  const immutable = (each: ClusterChannelProvisioner) => ({
    driver: each.spec?.driver ?? '',
    routing: routingOf(each),
  });
  return immutabilityFaults(
    immutable(provisioner),
    immutable(previous),
    [],
    'create a ClusterChannelProvisioner of another name',
  );
}
