import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';
import type { Condition } from '../meta/condition.schema.js';

/** What the conditions of a Channel say, and why. */
export const CHANNEL_CONDITION_REFERENCE = {
  kinds: ['Channel'],
  conditions: {
    Ready: '`Provisioned` and `Addressable` are True.',
    Provisioned: 'The store keeps the events of the Channel.',
    Addressable: 'Producers can reach the Channel.',
    StoreAsAsked:
      'What the store keeps is as the Channel asks. Says nothing about `Ready`; absent while it never was False.',
    DeadLettersStored:
      'The dead letters of every Subscription can be stored. Says nothing about `Ready`; absent while it never was False.',
  },
  reasons: {
    ProvisionerNotFound: {
      meaning: 'Provisioned=False: `spec.provisioner` names a ClusterChannelProvisioner that does not exist.',
      action:
        'Set `spec.provisioner.name` to one that exists (`kubectl get ccp`), or create it. A Channel cannot change its provisioner: create it anew.',
    },
    ProvisionerNotReady: {
      meaning:
        'Provisioned=Unknown, or False where nobody serves it: the ClusterChannelProvisioner exists and is not Ready; its own condition says why.',
      action: 'Look at the conditions of the ClusterChannelProvisioner; the Channel follows by itself.',
    },
    InvalidArguments: {
      meaning: 'Provisioned=False: `spec.arguments` do not fit what the driver declares.',
      action: 'Correct `spec.arguments` by what the message says.',
    },
    StoreUnavailable: {
      meaning: 'Provisioned=Unknown: the store does not answer; what it keeps is where it was.',
      action: 'Look at the store and at the network to it; it is tried again by itself.',
    },
    emptyHostname: {
      meaning: 'Addressable=False: the Channel has no hostname yet (spelled as in 2019).',
      action: 'Wait; if it lasts, look at the log of the provisioner.',
    },
    ServiceFailed: {
      meaning: 'Addressable=False: the Service of the Channel could not be made or repaired.',
      action:
        'Remove what the message names (a right that the provisioner lacks, a Service of that name that is not ours); it is tried again.',
    },
    StoreDrift: {
      meaning:
        'StoreAsAsked=False: the store has something different; it was left alone, and the message says what it is.',
      action: 'Change the store to what the message says, or the Channel to what the store has.',
    },
    DeadLettersNotStored: {
      meaning:
        'DeadLettersStored=False: the store does not take the dead letters of the Subscriptions that the message names. Nothing is lost: they are paused, and go on once it does.',
      action:
        'Make room in the store, or repair it; the Subscriptions go on by themselves. Or give them a `deadLetterSink`.',
    },
  },
} as const satisfies ConditionReference;

export const CHANNEL_REASONS = reasonNames(CHANNEL_CONDITION_REFERENCE.reasons);

/** `Ready` of a Channel = `Provisioned` (its store keeps events) and `Addressable` (a producer can reach it). */
class ChannelConditionSet extends ConditionSet<'Provisioned' | 'Addressable'> {
  constructor() {
    super(['Provisioned', 'Addressable']);
  }

  /** Addressable follows the hostname: True where there is one, else False with the reason of 2019. */
  markAddressable(conditions: readonly Condition[], hostname: string | undefined, now: Date): Condition[] {
    return hostname === undefined || hostname === ''
      ? this.markFalse(
          conditions,
          'Addressable',
          CHANNEL_REASONS.emptyHostname,
          'The Channel has no hostname yet.',
          now,
        )
      : this.markTrue(conditions, 'Addressable', now);
  }
}

export const channelConditions = new ChannelConditionSet();
