import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FREE,
  LOST,
  nextRecord,
  partitionsOf,
  surplus,
  type Leaving,
  type OwnershipRecord,
} from './ownership-record.js';

const FIRST = { beat: 1, leaseMs: 10 };
const NOBODY: ReadonlySet<string> = new Set();
const NOTHING: ReadonlyMap<number, Leaving> = new Map();

function step(record: OwnershipRecord | undefined, me: string, wish: Partial<Parameters<typeof nextRecord>[1]> = {}) {
  return nextRecord(record, { me, leaseMs: 10, partitions: 8, dead: NOBODY, leaving: NOTHING, stays: true, ...wish });
}

/** What members do by turns until nothing changes: renew, and give back at once what they have too many of. */
function settle(record: OwnershipRecord, members: readonly string[]): OwnershipRecord {
  let current = record;
  for (let round = 0; round < 10; round++) {
    for (const me of members) {
      current = step(current, me);
      const leaving = new Map(surplus(current, me).map((partition) => [partition, FREE] as const));
      current = step(current, me, { leaving });
    }
  }
  return current;
}

describe('the agreement on who owns what', () => {
  it('gives the first process everything', () => {
    expect(step(undefined, 'a')).toEqual({ members: { a: FIRST }, owners: new Array(8).fill('a') });
  });

  it('takes nothing from a process that lives, but tells it what it has too many of', () => {
    const both = step(step(undefined, 'a'), 'b');
    expect(partitionsOf(both.owners, 'b')).toEqual([]);
    expect(surplus(both, 'a')).toEqual([4, 5, 6, 7]);
  });

  it('marks what a dead process had, so that whoever takes it waits for what was in delivery', () => {
    const both = step(step(undefined, 'a'), 'b');
    const without = step(both, 'c', { dead: new Set(['a']), partitions: 8 });
    expect(without.members).toEqual({ b: FIRST, c: FIRST });
    expect(without.owners.filter((owner) => owner === LOST)).toHaveLength(4);
  });

  it('keeps the mark until somebody takes the partition', () => {
    const left = step(step(undefined, 'a'), 'a', { stays: false, leaving: new Map([[0, FREE]]) });
    expect(left).toEqual({ members: {}, owners: [FREE, ...new Array<string>(7).fill(LOST)] });
    expect(step(left, 'b').owners).toEqual(new Array(8).fill('b'));
  });

  it('comes to rest with fair shares, each partition owned by one who takes part, whoever came and went', () => {
    const member = fc.constantFrom('a', 'b', 'c', 'd');
    const events = fc.array(fc.record({ member, leaves: fc.boolean(), dies: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(events, (events) => {
        let record: OwnershipRecord | undefined;
        const alive = new Set<string>(['z']);
        for (const { member, leaves, dies } of events) {
          if (dies) {
            alive.delete(member);
            record = step(record, 'z', { dead: new Set([member]) });
          } else if (leaves) {
            alive.delete(member);
            record = step(record, member, { stays: false });
          } else {
            alive.add(member);
            record = step(record, member);
          }
        }
        const rest = settle(record ?? step(undefined, 'z'), [...alive]);
        const shares = [...alive].map((name) => partitionsOf(rest.owners, name).length);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(8);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never gives one member what another one that counts has', () => {
    const owners = fc.array(fc.constantFrom('a', 'b', 'c', FREE, LOST), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(owners, fc.subarray(['b', 'c']), (owners, dead) => {
        const before = { members: { a: FIRST, b: FIRST, c: FIRST }, owners };
        const after = step(before, 'a', { dead: new Set(dead) });
        for (const [partition, owner] of owners.entries()) {
          if (owner !== 'a' && owner !== FREE && owner !== LOST && !dead.includes(owner)) {
            expect(after.owners[partition]).toBe(owner);
          }
        }
      }),
    );
  });
});
