import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';

/** What the conditions of a Subscription say, and why. */
export const SUBSCRIPTION_CONDITION_REFERENCE = {
  kinds: ['Subscription'],
  conditions: {
    Ready: '`Resolved` and `ChannelReady` are True.',
    Resolved: 'The addresses of Channel, subscriber and reply are known.',
    ChannelReady: 'The Channel delivers to the Subscription.',
  },
  reasons: {
    ChannelNotFound: 'Resolved=False: no Channel of that name in the namespace.',
    SubscriberResolveFailed: 'Resolved=False: the subscriber does not exist or has no address.',
    ReplyResolveFailed: 'Resolved=False: the reply Channel does not exist or has no address.',
    ChannelNotReady: 'ChannelReady=False: the Channel exists and is not Ready; its own condition says why.',
    PhysicalChannelSyncFailed: 'ChannelReady=False: the subscriber could not be entered into the Channel.',
    SubscriptionNotMarkedReadyByChannel: 'ChannelReady=Unknown: the provisioner has not taken the Subscription up yet.',
    SubscriptionRefusedByChannel:
      'ChannelReady=False: the provisioner says that it cannot serve the Subscription; the message is its.',
  },
} as const satisfies ConditionReference;

export const SUBSCRIPTION_REASONS = reasonNames(SUBSCRIPTION_CONDITION_REFERENCE.reasons);

/** `Ready` of a Subscription = `Resolved` (every address is known) and `ChannelReady` (the Channel delivers to it from now on). */
export const subscriptionConditions = new ConditionSet(['Resolved', 'ChannelReady'] as const);
