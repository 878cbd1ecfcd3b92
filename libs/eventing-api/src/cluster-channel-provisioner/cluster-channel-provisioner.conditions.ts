import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a ClusterChannelProvisioner say, and why. */
export const CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE = {
  kinds: ['ClusterChannelProvisioner'],
  conditions: {
    Ready: 'A running process serves its Channels.',
  },
  reasons: {
    NotServed: {
      meaning: 'Ready=False: no running process hosts a driver that `spec.driver` or the name of the object asks for.',
      action:
        "Start the provisioner's app or chart; the message says which. A `spec.driver` that is misspelt cannot change: create the object anew.",
    },
    InvalidParameters: {
      meaning: 'Ready=False: `spec.parameters` do not fit what the driver declares.',
      action: 'Correct `spec.parameters` by what the message says.',
    },
    SecretNotFound: {
      meaning: 'Ready=False: a Secret that the parameters name does not exist or lacks the key.',
      action: 'Create the Secret, with the key that the message names, in the system namespace.',
    },
    ServiceFailed: {
      meaning: 'Ready=False: the dispatcher Service in the system namespace could not be made or repaired.',
      action: 'Remove what the message names (a right that the provisioner lacks, a quota); it is tried again.',
    },
    StoreUnavailable: {
      meaning: "Ready=False: the store does not answer, or refuses us; the message is the store's.",
      action:
        'Look at the store, at the network to it, and at the credentials in the Secret; it is tried again by itself.',
    },
  },
} as const satisfies ConditionReference;

export const CLUSTER_CHANNEL_PROVISIONER_REASONS = reasonNames(CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE.reasons);

/** A ClusterChannelProvisioner has `Ready` alone. */
export const clusterChannelProvisionerConditions = new ConditionSet<never>([]);
