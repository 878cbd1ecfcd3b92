import { withAttributes } from '@millrace/cloudevents-http';
import type { StoredEvent } from '@millrace/eventing-api';
import type { FailedAttempt } from '../deliver/attempt-series.js';
import type { GiveUpReason } from '../deliver/run-context.types.js';

/**
 * The event as it goes to a dead letter sink or place: with what is known of its last failure as extension attributes, in place of those of an earlier
 * time (`knativeerror...`: Knative Eventing event_dispatcher.go and eventing-kafka-broker; `millraceerrorreason` is ours). Where a reply was not taken this is
 * the original event, and the address that of the reply.
 */
export function deadLetterOf(event: StoredEvent, reason: GiveUpReason, failed: FailedAttempt | undefined): StoredEvent {
  const answer = failed?.result.outcome === 'answered' ? failed.result : undefined;
  return withAttributes(event, {
    knativeerrordest: failed?.address.url,
    knativeerrorcode: answer?.status,
    knativeerrordata: answer?.errorBody?.toString('base64'),
    millraceerrorreason: reason,
  });
}
