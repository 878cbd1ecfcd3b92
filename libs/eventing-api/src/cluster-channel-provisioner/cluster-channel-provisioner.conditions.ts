import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a ClusterChannelProvisioner say, and why. */
export const CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE = {
  kinds: ['ClusterChannelProvisioner'],
  conditions: {
    Ready: 'A running process serves its Channels.',
    Durability:
      'True: an event that was answered with 202 survives the loss of a machine of the store. The reason says what it survives, the message why. Says nothing about `Ready`.',
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
    Volatile: {
      meaning: 'Durability=False: events live in one process, and are gone when it ends without a drain.',
      action: 'Use a Channel like that for traffic that may be lost; else name a provisioner with a store.',
    },
    ProcessOnly: {
      meaning:
        "Durability=False: events survive the end of every process, the store's included, but not the loss of the machine that keeps them; a loss of power may take the latest.",
      action: 'Replicate the store, and ask for replicas in the parameters; the message names the setting.',
    },
    Replicated: {
      meaning:
        'Durability=True: several machines have an event before it is answered with 202; one of them may be lost.',
      action: 'Nothing.',
    },
    Synced: {
      meaning: 'Durability=True: an event is on disk before it is answered with 202; a loss of power takes nothing.',
      action: 'Nothing.',
    },
  },
} as const satisfies ConditionReference;

export const CLUSTER_CHANNEL_PROVISIONER_REASONS = reasonNames(CLUSTER_CHANNEL_PROVISIONER_CONDITION_REFERENCE.reasons);

/** `Ready` alone decides; `Durability` stands beside it. */
export const clusterChannelProvisionerConditions = new ConditionSet<never>([]);
