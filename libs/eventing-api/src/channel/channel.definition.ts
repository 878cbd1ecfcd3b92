import { EVENTING_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitChannel } from './channel.admission.js';
import { Channel } from './channel.schema.js';

/** The Channel kind (Knative Eventing v0.4 `300-channel.yaml`). */
export const CHANNEL: ResourceDefinition<Channel> = {
  group: EVENTING_GROUP,
  version: VERSION,
  kind: 'Channel',
  plural: 'channels',
  singular: 'channel',
  namespaced: true,
  shortNames: ['chan'],
  categories: ['all', 'knative', 'eventing', 'channel'],
  definitionLabels: { 'duck.knative.dev/addressable': 'true', 'messaging.knative.dev/subscribable': 'true' },
  printerColumns: READY_COLUMNS,
  schema: Channel,
  statusSubresource: true,
  admit: admitChannel,
};
