import type { Condition } from '../meta/condition.schema.js';

/** The condition that sums up an object. */
export const READY = 'Ready';

/** The condition of a type, or undefined where nobody has observed it yet (which reads as Unknown). */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether an object says of itself that it works: its `Ready` condition is True. */
export function isReady(object: { readonly status?: unknown }): boolean {
  const status = object.status as { readonly conditions?: readonly Condition[] } | null | undefined;
  return findCondition(status?.conditions, READY)?.status === 'True';
}

/** Whether two conditions say the same; the time of the last transition is not compared. */
export function saysTheSame(left: Condition, right: Condition): boolean {
  return (
    left.type === right.type &&
    left.status === right.status &&
    (left.severity ?? '') === (right.severity ?? '') &&
    (left.reason ?? '') === (right.reason ?? '') &&
    (left.message ?? '') === (right.message ?? '')
  );
}

/**
 * `conditions` with `condition` in it, sorted by type. Where the list already says the same it is returned as it is, so that a reconcile
 * which finds nothing new writes nothing; otherwise the transition time is `now`, also when only reason or message changed
 * (knative/pkg v0.4 `condition_set.go`, `SetCondition`).
 */
export function withCondition(conditions: readonly Condition[], condition: Condition, now: Date): Condition[] {
  const present = findCondition(conditions, condition.type);
  if (present !== undefined && saysTheSame(present, condition)) {
    return [...conditions];
  }
  const others = conditions.filter(({ type }) => type !== condition.type);
  return [...others, { ...condition, lastTransitionTime: toKubernetesTime(now) }].sort(byType);
}

/**
 * `after`, with the transition times of `before` wherever both say the same. A reconcile that marks a condition one way and then back
 * (two faults that take turns in `Ready`) would otherwise move times without news, and so write status for ever.
 */
export function keepTransitionTimes(
  before: readonly Condition[] | undefined,
  after: readonly Condition[],
): Condition[] {
  return after.map((condition) => {
    const previous = findCondition(before, condition.type);
    return previous !== undefined && saysTheSame(previous, condition) ? previous : condition;
  });
}

function byType(left: Condition, right: Condition): number {
  return left.type < right.type ? -1 : left.type > right.type ? 1 : 0;
}

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes `metav1.Time`. */
function toKubernetesTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
