import type { CodeReference, CodeText } from '@millrace/eventing-api';
import type { DropReason } from '../deliver/run-context.types.js';

/** Why a delivery gave an event up. Another reason does not compile without its text here. */
export const DROP_REASON_REFERENCE = {
  title: 'Events that could not be delivered',
  about:
    'Why an event went to the dead letter sink or place, or, where there is none, is gone: label `reason` of `millrace_delivery_events_dropped_total`, and field `reason` of the log line.',
  codes: {
    'retries-exhausted': {
      meaning: 'Every attempt failed in a way that is worth a retry, up to the last one.',
      action:
        'Look at the subscriber, or its reply address: the log and the attempts have the last answer. Raise `delivery.retry` where it is away for longer.',
    },
    'not-retryable': {
      meaning:
        'The subscriber, or its reply address, answered with a status that no retry changes (1xx, 3xx, 4xx but 404, 408, 409 and 429).',
      action: 'Correct the subscriber, or the `uri` of the Subscription: a redirect is not followed.',
    },
    loop: {
      meaning: 'The event has passed 64 Channels: replies go in a circle.',
      action: 'Break the circle: let one subscriber answer without an event, or put a filter on one Subscription.',
    },
    'dead-letters-full': {
      meaning:
        'The dead-letter place has no room left, and the dead letter sink, if there is one, did not take the event.',
      action: 'Give the Subscription a `deadLetterSink`, or read the letters and remove them.',
    },
  } satisfies Record<DropReason, CodeText>,
} as const satisfies CodeReference;
