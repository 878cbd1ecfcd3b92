import type { CodeReference, CodeText } from '@millrace/eventing-api';
import type { DeadLetterOutcome } from '../deliver/subscription-delivery.types.js';

/** What became of writing a dead letter. Another outcome does not compile without its text here. */
export const DEAD_LETTER_OUTCOME_REFERENCE = {
  title: 'Writes to the dead-letter place',
  about: 'Label `outcome` of `millrace_delivery_dead_letter_writes_total`.',
  codes: {
    stored: { meaning: 'The letter is kept.', action: 'Read it, and find out why it could not be delivered.' },
    full: {
      meaning: 'There is no room: the event is dropped with the reason `dead-letters-full`.',
      action: 'Give the Subscription a `deadLetterSink`, or read the letters and remove them.',
    },
    'too-large': {
      meaning:
        'With the attributes that tell why it failed, the letter is larger than the store takes. It is stored without them; where that is too large as well, the event is dropped with the reason `dead-letters-full`.',
      action: 'Nothing; the log has the reason. Keep `--max-event-bytes` a few KiB below the limit of the store.',
    },
    unavailable: {
      meaning: 'The letter could not be written. The event is kept and the write tried again; the Subscription waits.',
      action: 'Look at the condition `DeadLettersStored` of the Channel, and at its store.',
    },
  } satisfies Record<DeadLetterOutcome['outcome'], CodeText>,
} as const satisfies CodeReference;
