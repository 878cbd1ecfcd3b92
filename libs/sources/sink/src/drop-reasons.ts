import type { CodeReference } from '@millrace/eventing-api';

/** Why a receive adapter gave events up. */
export const SOURCE_DROP_REASON_REFERENCE = {
  title: 'Events that a source gave up',
  about: 'Label `reason` of `millrace_source_events_dropped_total`, and field `reason` of the log line.',
  codes: {
    refused: {
      meaning: 'The sink answered with a status that no retry changes (a redirect, or 4xx but 404, 408, 409 and 429).',
      action:
        'Look at what `status.sinkUri` of the source is: it must take CloudEvents by POST. The log has the status.',
    },
    'retries-exhausted': {
      meaning: 'The sink was away, or answered 404, 408, 409, 429 or 5xx, until the attempts were used up.',
      action: 'Look at the conditions of the sink, and at its log.',
    },
    overtaken: {
      meaning:
        'CronJobSource only: the sink had not taken the event of one time of the schedule when the next one came.',
      action: 'As with `retries-exhausted`. Events of the schedule are not made up for.',
    },
    'queue-full': {
      meaning: 'KubernetesEventSource only: 1000 events waited for the sink already.',
      action: 'Make the sink faster; a Channel in between takes what a slow consumer cannot.',
    },
    stopped: {
      meaning: 'The adapter ended before the sink took the event.',
      action: 'Nothing, where the sink was away; else allow the Pod more time (`--shutdown-timeout`).',
    },
  },
} as const satisfies CodeReference;

export type DropReason = keyof typeof SOURCE_DROP_REASON_REFERENCE.codes;
