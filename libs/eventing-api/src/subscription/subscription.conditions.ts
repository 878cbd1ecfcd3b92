import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a Subscription say, and why. */
export const SUBSCRIPTION_CONDITION_REFERENCE = {
  kinds: ['Subscription'],
  conditions: {
    Ready: '`Resolved` and `ChannelReady` are True. One that is paused stays so.',
    Resolved: 'The addresses of Channel, subscriber, reply and dead letter sink are known.',
    ChannelReady: 'The Channel delivers to the Subscription.',
  },
  reasons: {
    ChannelNotFound: {
      meaning: 'Resolved=False: no Channel of that name in the namespace.',
      action: 'Create the Channel; the Subscription follows by itself. `spec.channel` cannot change.',
    },
    SubscriberResolveFailed: {
      meaning: 'Resolved=False: the subscriber does not exist or has no address.',
      action: 'Create what `spec.subscriber` names, in the same namespace, or give its address as `uri`.',
    },
    ReplyResolveFailed: {
      meaning: 'Resolved=False: what replies go to does not exist or has no address.',
      action: 'Create what `spec.reply` names, in the same namespace, or give its address as `uri`.',
    },
    DeadLetterSinkResolveFailed: {
      meaning:
        'Resolved=False: the dead letter sink (of the Subscription, or of its Channel where the Subscription has no `delivery`) does not exist or has no address. Events wait until it has one.',
      action: 'Create what `deadLetterSink` names, in the same namespace, or give its address as `uri`.',
    },
    ChannelNotReady: {
      meaning: 'ChannelReady=False: the Channel exists and is not Ready; its own condition says why.',
      action: 'Look at the conditions of the Channel; the Subscription follows by itself.',
    },
    PhysicalChannelSyncFailed: {
      meaning: 'ChannelReady=False: the subscriber could not be entered into the Channel.',
      action: 'Look at the message (a right that the controller lacks, a Channel that is going); it is tried again.',
    },
    SubscriptionNotMarkedReadyByChannel: 'ChannelReady=Unknown: the provisioner has not taken the Subscription up yet.',
    SubscriptionRefusedByChannel: {
      meaning: 'ChannelReady=False: the provisioner says that it cannot serve the Subscription; the message is its.',
      action: 'Change what the message names: it asks for more than the driver can do.',
    },
  },
} as const satisfies ConditionReference;

export const SUBSCRIPTION_REASONS = reasonNames(SUBSCRIPTION_CONDITION_REFERENCE.reasons);

/** `Ready` of a Subscription = `Resolved` (every address is known) and `ChannelReady` (the Channel delivers to it from now on). */
export const subscriptionConditions = new ConditionSet(['Resolved', 'ChannelReady'] as const);
