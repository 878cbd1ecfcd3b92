import type { FieldFault } from '../admission/admission.types.js';
import { childPath, forbidden, invalid } from '../admission/faults.js';
import { destinationFaults } from '../meta/destination.validation.js';
import type { DeliverySpec } from './delivery.schema.js';
import { DURATION_RULE, parseDurationMs } from './duration.js';
import type { ResolvedDelivery } from './resolved-delivery.types.js';

type Ordering = ResolvedDelivery['ordering'];

const DURATION_RULES = [
  { field: 'backoffDelay', mayBeZero: true },
  { field: 'backoffMax', mayBeZero: false },
  { field: 'timeout', mayBeZero: false },
  { field: 'retryAfterMax', mayBeZero: true },
] as const;

/** Longest wait or time-out. Timers of the runtime hold 24 days; nobody waits a week for an attempt. */
const MAX_DURATION = 'P7D';
const MAX_DURATION_MS = 604_800_000;

/** Faults of a DeliverySpec at `path` in its durations and its dead letter sink; numbers and enumerations are the schema's business. */
export function deliveryFaults(delivery: DeliverySpec | undefined, path: string): FieldFault[] {
  const sink = delivery?.deadLetterSink;
  return [
    ...durationFaults(delivery, path),
    ...(sink === undefined ? [] : destinationFaults(sink, childPath(path, 'deadLetterSink'))),
  ];
}

/** The fault of an update that changes the order of delivery; `advice` says how to get another one. */
export function orderingFaults(ordering: Ordering, previous: Ordering, advice: string): FieldFault[] {
  return ordering === previous
    ? []
    : [forbidden('spec.delivery.ordering', `field is immutable: leave it "${previous}", or ${advice}`)];
}

function durationFaults(delivery: DeliverySpec | undefined, path: string): FieldFault[] {
  return DURATION_RULES.flatMap(({ field, mayBeZero }) => {
    const text = delivery?.[field];
    const problem = text === undefined ? undefined : durationProblem(text, mayBeZero);
    return problem === undefined ? [] : [invalid(childPath(path, field), text, problem)];
  });
}

function durationProblem(text: string, mayBeZero: boolean): string | undefined {
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined) {
    return DURATION_RULE;
  }
  if (durationMs === 0 && !mayBeZero) {
    return 'must be longer than zero (at least PT0.001S)';
  }
  return durationMs > MAX_DURATION_MS ? `must be at most ${MAX_DURATION}` : undefined;
}
