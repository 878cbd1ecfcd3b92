import type { SUBSCRIPTION_REASONS } from '@millrace/eventing-api';
import {
  keepTransitionTimes,
  subscriptionConditions,
  type Condition,
  type Subscription,
  type SubscriptionStatus,
} from '@millrace/eventing-api';

/** Reasons that only the controller needs, beside those of `eventing-api`. */
export const CHANNEL_BEING_DELETED = 'ChannelBeingDeleted';

/** Which address is not known. */
export type ResolveFailedReason = (typeof SUBSCRIPTION_REASONS)[
  'SubscriberResolveFailed' | 'ReplyResolveFailed' | 'DeadLetterSinkResolveFailed'];

/** Why a condition is not True. */
export interface Obstacle {
  readonly status: 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** What one reconcile found out about a Subscription. */
export interface SubscriptionVerdict {
  /** Absent where `resolvedObstacle` is set: an address that is not sure is not shown. */
  readonly subscriberURI?: string | undefined;
  readonly replyURI?: string | undefined;
  readonly deadLetterSinkURI?: string | undefined;
  readonly resolvedObstacle?: Obstacle | undefined;
  readonly channelObstacle?: Obstacle | undefined;
}

/** The status that says so. Transition times move only where a condition says something new. */
export function statusOf(subscription: Subscription, verdict: SubscriptionVerdict, now: Date): SubscriptionStatus {
  const before = subscription.status?.conditions;
  let conditions = subscriptionConditions.initialize(before, now);
  conditions = mark(conditions, 'Resolved', verdict.resolvedObstacle, now);
  conditions = mark(conditions, 'ChannelReady', verdict.channelObstacle, now);
  if (verdict.resolvedObstacle?.status === 'False') {
    // Marked again, so that Ready tells the first fault in the order of the phases.
    conditions = mark(conditions, 'Resolved', verdict.resolvedObstacle, now);
  }
  return {
    ...(subscription.metadata.generation === undefined ? {} : { observedGeneration: subscription.metadata.generation }),
    conditions: keepTransitionTimes(before, conditions),
    physicalSubscription: {
      ...(verdict.subscriberURI === undefined ? {} : { subscriberURI: verdict.subscriberURI }),
      ...(verdict.replyURI === undefined ? {} : { replyURI: verdict.replyURI }),
      ...(verdict.deadLetterSinkURI === undefined ? {} : { deadLetterSinkURI: verdict.deadLetterSinkURI }),
    },
  };
}

function mark(
  conditions: readonly Condition[],
  type: 'Resolved' | 'ChannelReady',
  obstacle: Obstacle | undefined,
  now: Date,
): Condition[] {
  if (obstacle === undefined) return subscriptionConditions.markTrue(conditions, type, now);
  const { reason, message } = obstacle;
  return obstacle.status === 'False'
    ? subscriptionConditions.markFalse(conditions, type, reason, message, now)
    : subscriptionConditions.markUnknown(conditions, type, reason, message, now);
}

/** The obstacle of an address that is not known. */
export function unresolved(reason: ResolveFailedReason, message: string): Obstacle {
  return { status: 'False', reason, message };
}
