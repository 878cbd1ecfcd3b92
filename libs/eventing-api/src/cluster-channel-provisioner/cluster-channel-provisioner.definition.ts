import { READY_COLUMNS } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from './cluster-channel-provisioner.kind.js';
import { admitClusterChannelProvisioner } from './cluster-channel-provisioner.admission.js';
import { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** The ClusterChannelProvisioner kind (Knative Eventing v0.4 `300-clusterchannelprovisioner.yaml`). */
export const CLUSTER_CHANNEL_PROVISIONER: ResourceDefinition<ClusterChannelProvisioner> = {
  ...CLUSTER_CHANNEL_PROVISIONER_KIND,
  singular: 'clusterchannelprovisioner',
  shortNames: ['ccp'],
  categories: ['all', 'knative', 'eventing', 'provisioner'],
  definitionLabels: {},
  printerColumns: READY_COLUMNS,
  schema: ClusterChannelProvisioner,
  statusSubresource: true,
  admit: admitClusterChannelProvisioner,
};
