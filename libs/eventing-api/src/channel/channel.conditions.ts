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
  },
  reasons: {
    ProvisionerNotFound: 'Provisioned=False: `spec.provisioner` names a ClusterChannelProvisioner that does not exist.',
    ProvisionerNotReady:
      'Provisioned=Unknown, or False where nobody serves it: the ClusterChannelProvisioner exists and is not Ready; its own condition says why.',
    InvalidArguments: 'Provisioned=False: `spec.arguments` do not fit what the driver declares.',
    StoreUnavailable: 'Provisioned=Unknown: the store does not answer; what it keeps is where it was.',
    emptyHostname: 'Addressable=False: the Channel has no hostname yet (spelled as in 2019).',
    ServiceFailed: 'Addressable=False: the Service of the Channel could not be made or repaired.',
    StoreDrift:
      'StoreAsAsked=False: the store has something different; it was left alone, and the message says what it is.',
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
