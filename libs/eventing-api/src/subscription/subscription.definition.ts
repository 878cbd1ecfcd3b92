import { EVENTING_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitSubscription } from './subscription.admission.js';
import { Subscription } from './subscription.schema.js';

/** The Subscription kind (spec/knative-2019.md section 1.3). */
export const SUBSCRIPTION: ResourceDefinition<Subscription> = {
  group: EVENTING_GROUP,
  version: VERSION,
  kind: 'Subscription',
  plural: 'subscriptions',
  singular: 'subscription',
  namespaced: true,
  shortNames: ['sub'],
  categories: ['all', 'knative', 'eventing'],
  definitionLabels: {},
  printerColumns: READY_COLUMNS,
  schema: Subscription,
  statusSubresource: true,
  admit: admitSubscription,
};
