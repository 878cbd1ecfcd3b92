import type { Condition } from '../meta/condition.schema.js';
import { findCondition, READY, withCondition } from './conditions.js';

/** A condition that stands beside `Ready` and never changes it. Without a severity it is `Info`. */
export type InformationalCondition = Pick<Condition, 'type' | 'status' | 'severity' | 'reason' | 'message'>;

/**
 * The conditions of a kind: `Ready` and the dependents that it sums up. Every method is pure and returns a new list.
 *
 * The rules are those of knative/pkg in February 2019 (`apis/duck/v1alpha1/condition_set.go`), quirks included: `Ready` turns True only when the last
 * dependent is marked True, and takes reason and message of whatever was marked False or Unknown last. A reconcile therefore marks every dependent
 * that it has looked at, each time.
 */
export class ConditionSet<Dependent extends string = string> {
  readonly dependents: readonly Dependent[];

  constructor(dependents: readonly Dependent[]) {
    this.dependents = dependents;
  }

  /** Adds each missing condition of the set as Unknown; one that is there is never reset. */
  initialize(conditions: readonly Condition[] | undefined, now: Date): Condition[] {
    return [...this.dependents, READY].reduce<Condition[]>(
      (list, type) =>
        findCondition(list, type) === undefined ? withCondition(list, { type, status: 'Unknown' }, now) : list,
      [...(conditions ?? [])],
    );
  }

  /** Marks a condition True, without reason or message; `Ready` follows when every dependent is True. */
  markTrue(conditions: readonly Condition[], type: Dependent | typeof READY, now: Date): Condition[] {
    const marked = withCondition(conditions, { type, status: 'True' }, now);
    const allTrue = this.dependents.every((dependent) => findCondition(marked, dependent)?.status === 'True');
    return allTrue ? withCondition(marked, { type: READY, status: 'True' }, now) : marked;
  }

  /** Marks a condition False; `Ready` turns False with it, for the same reason. */
  markFalse(
    conditions: readonly Condition[],
    type: Dependent | typeof READY,
    reason: string,
    message: string,
    now: Date,
  ): Condition[] {
    const observation = { status: 'False', reason, message } as const;
    const marked = withCondition(conditions, { type, ...observation }, now);
    return this.isDependent(type) ? withCondition(marked, { type: READY, ...observation }, now) : marked;
  }

  /** Marks a condition Unknown; `Ready` turns Unknown with it, unless a dependent is False: then it is, or turns, False. */
  markUnknown(
    conditions: readonly Condition[],
    type: Dependent | typeof READY,
    reason: string,
    message: string,
    now: Date,
  ): Condition[] {
    const marked = withCondition(conditions, { type, status: 'Unknown', reason, message }, now);
    if (this.dependents.some((dependent) => findCondition(marked, dependent)?.status === 'False')) {
      const alreadyFalse = findCondition(marked, READY)?.status === 'False';
      return alreadyFalse ? marked : withCondition(marked, { type: READY, status: 'False', reason, message }, now);
    }
    return this.isDependent(type)
      ? withCondition(marked, { type: READY, status: 'Unknown', reason, message }, now)
      : marked;
  }

  /** Sets a condition that does not belong to the set: news for people, with no say in `Ready`. */
  setInfo(conditions: readonly Condition[], condition: InformationalCondition, now: Date): Condition[] {
    if (condition.type === READY || this.isDependent(condition.type)) {
      throw new TypeError(`${condition.type} decides on ${READY}: use markTrue, markFalse or markUnknown`);
    }
    return withCondition(conditions, { ...condition, severity: condition.severity ?? 'Info' }, now);
  }

  private isDependent(type: string): boolean {
    return this.dependents.some((dependent) => dependent === type);
  }
}
