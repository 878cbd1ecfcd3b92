import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a ClusterChannelProvisioner say, and why. */
export const CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE = {
  kinds: ['ClusterChannelProvisioner'],
  conditions: {
    Ready: 'A running process serves its Channels.',
  },
  reasons: {
    NotServed:
      "Ready=False: no running process hosts a driver that `spec.driver` or the name of the object asks for; start the provisioner's app or chart.",
    InvalidParameters: 'Ready=False: `spec.parameters` do not fit what the driver declares.',
    SecretNotFound: 'Ready=False: a Secret that the parameters name does not exist or lacks the key.',
    StoreUnavailable: "Ready=False: the store does not answer, or refuses us; the message is the store's.",
  },
} as const satisfies ConditionReference;

export const CLUSTER_CHANNEL_PROVISIONER_REASONS = reasonNames(CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE.reasons);

/** A ClusterChannelProvisioner has `Ready` alone. */
export const clusterChannelProvisionerConditions = new ConditionSet<never>([]);
