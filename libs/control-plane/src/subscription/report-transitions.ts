import { READY, SUBSCRIPTION_REASONS, findCondition, type Condition, type Subscription } from '@millrace/eventing-api';
import type { EventRecorder } from '@millrace/kube';

/** Which Event goes with which reason of a False condition (Knative Eventing v0.4 `subscription.go`). */
const EVENT_OF_REASON: Readonly<Record<string, string>> = {
  [SUBSCRIPTION_REASONS.ChannelNotFound]: 'ChannelReferenceFetchFailed',
  [SUBSCRIPTION_REASONS.SubscriberResolveFailed]: 'SubscriberResolveFailed',
  [SUBSCRIPTION_REASONS.ReplyResolveFailed]: 'ResultResolveFailed',
  [SUBSCRIPTION_REASONS.DeadLetterSinkResolveFailed]: 'DeadLetterSinkResolveFailed',
  [SUBSCRIPTION_REASONS.PhysicalChannelSyncFailed]: 'PhysicalChannelSyncFailed',
};

/** Records one Event for each thing that is different now; what stays as it was makes none. */
export function reportTransitions(
  recorder: Pick<EventRecorder, 'record'>,
  subscription: Subscription,
  after: readonly Condition[] | undefined,
): void {
  const before = subscription.status?.conditions;
  for (const type of ['ChannelReady', 'Resolved']) {
    const condition = findCondition(after, type);
    const event = EVENT_OF_REASON[condition?.reason ?? ''];
    if (condition?.status !== 'False' || event === undefined) continue;
    if (findCondition(before, type)?.reason === condition.reason) continue;
    recorder.record(subscription, 'Warning', event, condition.message ?? '');
  }
  const isReady = findCondition(after, READY)?.status === 'True';
  if (isReady && findCondition(before, READY)?.status !== 'True') {
    recorder.record(subscription, 'Normal', 'SubscriptionReconciled', 'Events of the Channel go to the subscriber.');
  }
}
