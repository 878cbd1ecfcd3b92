import { attributeReader, withAttributes } from '@millrace/cloudevents-http';
import type { StoredEvent } from '@millrace/eventing-api';
import type { FailedAttempt } from '../deliver/attempt-series.js';
import type { GiveUpReason } from '../deliver/run-context.types.js';

/** An event that could not be delivered. */
export interface DeadLetter {
  /** With what is known of its last failure. */
  readonly annotated: StoredEvent;
  /** As it came: for a place that does not take it any larger. */
  readonly original: StoredEvent;
  /** It goes round in a circle that may lead through the sink, so that only the place will do. */
  readonly shunsSink: boolean;
}

/**
 * How often an event may be handed to a dead letter sink. The hop count alone does not bound a circle through a sink: where several Subscriptions of a
 * Channel fail, each round has more letters than the one before.
 */
const MAX_SINKS = 3;

const countOf = attributeReader('millraceerrorcount');

/**
 * The event as it goes to a dead letter sink or place: with what is known of its last failure as extension attributes, in place of those of an earlier
 * time (`knativeerror...`: Knative Eventing event_dispatcher.go and eventing-kafka-broker; `millraceerror...` are ours, `millraceerrorcount` says how often it has become a
 * dead letter). Where a reply was not taken this is the original event, and the address that of the reply.
 */
export function deadLetterOf(event: StoredEvent, reason: GiveUpReason, failed: FailedAttempt | undefined): DeadLetter {
  const answer = failed?.result.outcome === 'answered' ? failed.result : undefined;
  const before = lettersBefore(event);
  const annotated = withAttributes(event, {
    knativeerrordest: failed?.address.url,
    knativeerrorcode: answer?.status,
    knativeerrordata: answer?.errorBody?.toString('base64'),
    millraceerrorreason: reason,
    millraceerrorcount: before + 1,
  });
  return { annotated, original: event, shunsSink: reason === 'loop' || before >= MAX_SINKS };
}

function lettersBefore(event: StoredEvent): number {
  const text = countOf(event);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
