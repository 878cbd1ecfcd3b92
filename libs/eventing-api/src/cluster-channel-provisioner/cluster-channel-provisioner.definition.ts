import { EVENTING_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitClusterChannelProvisioner } from './cluster-channel-provisioner.admission.js';
import { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** The ClusterChannelProvisioner kind (spec/knative-2019.md section 1.2). */
export const CLUSTER_CHANNEL_PROVISIONER: ResourceDefinition<ClusterChannelProvisioner> = {
  group: EVENTING_GROUP,
  version: VERSION,
  kind: 'ClusterChannelProvisioner',
  plural: 'clusterchannelprovisioners',
  singular: 'clusterchannelprovisioner',
  namespaced: false,
  shortNames: ['ccp'],
  categories: ['all', 'knative', 'eventing', 'provisioner'],
  definitionLabels: {},
  printerColumns: READY_COLUMNS,
  schema: ClusterChannelProvisioner,
  statusSubresource: true,
  admit: admitClusterChannelProvisioner,
};
