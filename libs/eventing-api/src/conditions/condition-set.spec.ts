import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../meta/condition.schema.js';
import { ConditionSet } from './condition-set.js';
import { findCondition, isReady, keepTransitionTimes } from './conditions.js';

const set = new ConditionSet(['Brewed', 'Poured'] as const);
const at = (second: number) => new Date(Date.UTC(2019, 1, 20, 8, 0, second));
const statusOf = (conditions: readonly Condition[], type: string) => findCondition(conditions, type)?.status;

describe('a condition set', () => {
  it('starts every condition of the set as Unknown, sorted by type', () => {
    const conditions = set.initialize(undefined, at(0));

    expect(conditions).toEqual([
      { type: 'Brewed', status: 'Unknown', lastTransitionTime: '2019-02-20T08:00:00Z' },
      { type: 'Poured', status: 'Unknown', lastTransitionTime: '2019-02-20T08:00:00Z' },
      { type: 'Ready', status: 'Unknown', lastTransitionTime: '2019-02-20T08:00:00Z' },
    ]);
  });

  it('is Ready once the last dependent is True', () => {
    const first = set.markTrue(set.initialize([], at(0)), 'Brewed', at(1));
    const second = set.markTrue(first, 'Poured', at(2));

    expect(statusOf(first, 'Ready')).toBe('Unknown');
    expect(isReady({ status: { conditions: second } })).toBe(true);
  });

  it('turns Ready False with the reason of the dependent that failed', () => {
    const ready = markAllTrue(at(0));

    const conditions = set.markFalse(ready, 'Poured', 'CupMissing', 'There is no cup.', at(5));

    expect(findCondition(conditions, 'Ready')).toEqual({
      type: 'Ready',
      status: 'False',
      reason: 'CupMissing',
      message: 'There is no cup.',
      lastTransitionTime: '2019-02-20T08:00:05Z',
    });
    expect(statusOf(conditions, 'Brewed')).toBe('True');
  });

  it('keeps Ready False when a dependent turns Unknown while another is False', () => {
    const failed = set.markFalse(markAllTrue(at(0)), 'Poured', 'CupMissing', '', at(1));

    const conditions = set.markUnknown(failed, 'Brewed', 'Heating', '', at(2));

    expect(findCondition(conditions, 'Ready')).toMatchObject({ status: 'False', reason: 'CupMissing' });
  });

  it('moves the transition time when only the message changes', () => {
    const first = set.markFalse([], 'Poured', 'CupMissing', 'No cup.', at(1));
    const second = set.markFalse(first, 'Poured', 'CupMissing', 'Still no cup.', at(2));

    expect(findCondition(second, 'Poured')?.lastTransitionTime).toBe('2019-02-20T08:00:02Z');
  });

  it('lets an informational condition change nothing but itself', () => {
    const ready = markAllTrue(at(0));

    const conditions = set.setInfo(ready, { type: 'Enjoyed', status: 'False', reason: 'TooHot' }, at(1));

    expect(findCondition(conditions, 'Enjoyed')).toMatchObject({ status: 'False', severity: 'Info' });
    expect(conditions.filter(({ type }) => type !== 'Enjoyed')).toEqual(ready);
  });

  it('refuses to set a condition that decides on Ready as information', () => {
    expect(() => set.setInfo([], { type: 'Brewed', status: 'True' }, at(0))).toThrow(/Brewed decides on Ready/);
  });

  it('forgets transition times that moved without news', () => {
    const before = set.markFalse(set.markFalse([], 'Brewed', 'Cold', '', at(1)), 'Poured', 'CupMissing', '', at(1));

    const again = set.markFalse(set.markFalse(before, 'Brewed', 'Cold', '', at(9)), 'Poured', 'CupMissing', '', at(9));

    expect(findCondition(again, 'Ready')?.lastTransitionTime).toBe('2019-02-20T08:00:09Z');
    expect(keepTransitionTimes(before, again)).toEqual(before);
  });
});

type Dependent = (typeof set.dependents)[number];
type Step =
  | { readonly verb: 'initialize' }
  | { readonly verb: 'markTrue'; readonly type: Dependent }
  | { readonly verb: 'markFalse' | 'markUnknown'; readonly type: Dependent; readonly reason: string };

const dependent = fc.constantFrom(...set.dependents);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: fc.constant('initialize' as const) }),
  fc.record({ verb: fc.constant('markTrue' as const), type: dependent }),
  fc.record({
    verb: fc.constantFrom('markFalse' as const, 'markUnknown' as const),
    type: dependent,
    reason: fc.constantFrom('One', 'Two'),
  }),
);

describe('whatever a reconcile marks', () => {
  it('Ready is True only if every dependent is, and False whenever one is', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const conditions = resultOf(steps);
        const statuses = set.dependents.map((type) => statusOf(conditions, type) ?? 'Unknown');
        const ready = statusOf(conditions, 'Ready') ?? 'Unknown';

        expect(ready === 'True').toBe(statuses.every((status) => status === 'True'));
        if (statuses.includes('False')) {
          expect(ready).toBe('False');
        }
      }),
    );
  });

  it('the list is sorted, has one entry a type, and its members have no severity', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const conditions = resultOf(steps);
        const types = conditions.map(({ type }) => type);

        expect(types).toEqual([...new Set(types)].sort());
        expect(conditions.every((condition) => !('severity' in condition))).toBe(true);
      }),
    );
  });

  it('marking a dependent the same way twice changes nothing, not even a time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), step, (steps, last) => {
        const before = resultOf(steps);
        const once = apply(before, last, at(20));

        expect(apply(once, last, at(40))).toEqual(once);
      }),
    );
  });

  it('initialising never resets what is there', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const before = resultOf(steps);

        expect(set.initialize(before, at(50))).toEqual(expect.arrayContaining(before));
      }),
    );
  });

  it('the list that was passed in stays as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), step, (steps, last) => {
        const before = resultOf(steps);
        const copy = structuredClone(before);

        apply(before, last, at(30));

        expect(before).toEqual(copy);
      }),
    );
  });
});

function resultOf(steps: readonly Step[]): Condition[] {
  return steps.reduce<Condition[]>((list, each, index) => apply(list, each, at(index)), []);
}

function apply(conditions: Condition[], each: Step, now: Date): Condition[] {
  switch (each.verb) {
    case 'initialize':
      return set.initialize(conditions, now);
    case 'markTrue':
      return set.markTrue(conditions, each.type, now);
    default:
      return set[each.verb](conditions, each.type, each.reason, 'As it happens.', now);
  }
}

function markAllTrue(now: Date): Condition[] {
  return set.dependents.reduce((list, type) => set.markTrue(list, type, now), set.initialize([], now));
}
