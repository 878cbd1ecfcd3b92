import type { CodeReference, CodeText } from '@millrace/eventing-api';
import type { AttemptFailure } from '../deliver/attempt-result.types.js';

/** How an attempt ended that has no HTTP status. Another result does not compile without its text here. */
export const ATTEMPT_RESULT_REFERENCE = {
  title: 'Attempts without an answer',
  about:
    'Label `result` of `millrace_delivery_attempts_total` and `millrace_delivery_dead_letter_attempts_total`, which is the HTTP status where there was one, and `reason` of the record of an attempt.',
  codes: {
    'connection-failed': {
      meaning: 'No connection, a reset, or an answer that is no HTTP. Worth a retry.',
      action: 'Check that the subscriber runs, and that `status.physicalSubscription` has the right address.',
    },
    timeout: {
      meaning: 'Not answered in full within `delivery.timeout`. Worth a retry: the subscriber may get the event twice.',
      action: 'Make the subscriber faster, let it answer 202 before it works, or raise `delivery.timeout`.',
    },
    'response-too-large': {
      meaning: 'More of an answer than is read of one. Worth a retry.',
      action: 'Let the subscriber answer with less, or with no body.',
    },
    'circuit-open': {
      meaning:
        'The attempt was not made: its target has failed too often in a row. It counts as an attempt that failed.',
      action: 'As with the failures before it; attempts are made again by themselves as soon as one succeeds.',
    },
    aborted: {
      meaning:
        'We called the attempt off: a shut-down, a Subscription that is gone, a claim that was lost. The event is not settled by it.',
      action: 'Nothing.',
    },
  } satisfies Record<AttemptFailure | 'circuit-open' | 'aborted', CodeText>,
} as const satisfies CodeReference;
