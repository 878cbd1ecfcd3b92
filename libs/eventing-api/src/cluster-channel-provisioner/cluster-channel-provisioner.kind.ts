import { EVENTING_GROUP, VERSION } from '../kinds/groups.js';
import type { ResourceKind } from '../kinds/resource-kind.types.js';
import type { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';

/** How a ClusterChannelProvisioner is addressed: apart from its definition, since the admission of other kinds looks it up. */
export const CLUSTER_CHANNEL_PROVISIONER_KIND: ResourceKind<ClusterChannelProvisioner> = {
  group: EVENTING_GROUP,
  version: VERSION,
  kind: 'ClusterChannelProvisioner',
  plural: 'clusterchannelprovisioners',
  namespaced: false,
};
