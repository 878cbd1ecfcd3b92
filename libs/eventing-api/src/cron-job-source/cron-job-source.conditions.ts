import { reasonNames, type ConditionReference } from '../conditions/condition-reference.js';
import { ConditionSet } from '../conditions/condition-set.js';
import { CONTAINER_SOURCE_CONDITION_REFERENCE } from '../container-source/container-source.conditions.js';

/** What the conditions of a CronJobSource say, and why (reasons of Knative Eventing Sources v0.4). */
export const CRON_JOB_SOURCE_CONDITION_REFERENCE = {
  kinds: ['CronJobSource'],
  conditions: {
    ...CONTAINER_SOURCE_CONDITION_REFERENCE.conditions,
    Ready: '`ValidSchedule`, `SinkProvided` and `Deployed` are True.',
    ValidSchedule: '`spec.schedule` and `spec.timeZone` can be read.',
  },
  reasons: {
    ...CONTAINER_SOURCE_CONDITION_REFERENCE.reasons,
    Invalid: {
      meaning:
        'ValidSchedule=False: `spec.schedule` is no schedule, or `spec.timeZone` no time zone; the message says why.',
      action: 'Correct `spec.schedule` or `spec.timeZone`. An adapter that ran before goes on as it was.',
    },
  },
} as const satisfies ConditionReference;

export const CRON_JOB_SOURCE_REASONS = reasonNames(CRON_JOB_SOURCE_CONDITION_REFERENCE.reasons);

/** `Ready` of a CronJobSource = `ValidSchedule`, and what its ContainerSource says of `SinkProvided` and `Deployed`. */
export const cronJobSourceConditions = new ConditionSet(['ValidSchedule', 'SinkProvided', 'Deployed'] as const);
