import { EVENTING_GROUP, READY_COLUMNS, VERSION } from '../kinds/groups.js';
import type { ResourceDefinition } from '../kinds/resource-kind.types.js';
import { admitSubscription } from './subscription.admission.js';
import { Subscription } from './subscription.schema.js';

/** The Subscription kind (Knative Eventing v0.4 `300-subscription.yaml`). */
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
  printerColumns: [
    ...READY_COLUMNS,
    {
      name: 'Paused',
      type: 'boolean',
      jsonPath: '.spec.paused',
      priority: 1,
      description: 'Whether delivery is paused.',
    },
  ],
  schema: Subscription,
  statusSubresource: true,
  admit: admitSubscription,
};
