import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairBudget, type FairShare } from './fair-budget.js';

/** Asks for something and keeps who was granted in which order. */
class Asking {
  readonly granted: string[] = [];

  ask(share: FairShare, name: string, amount = 1) {
    const wait = share.take(amount, { onGranted: () => this.granted.push(name) });
    if (!wait) this.granted.push(name);
    return wait;
  }
}

describe('a budget', () => {
  it('gives to whoever asks while there is enough', () => {
    const asking = new Asking();
    const share = new FairBudget(3).share();
    for (const name of ['1', '2', '3', '4']) asking.ask(share, name);
    expect(asking.granted).toEqual(['1', '2', '3']);
    share.give(1);
    expect(asking.granted).toEqual(['1', '2', '3', '4']);
  });

  it('gives in turn when it is scarce, however many one of them has waiting', () => {
    const asking = new Asking();
    const budget = new FairBudget(4);
    const [crowd, other, third] = [budget.share(), budget.share(), budget.share()];
    for (let count = 0; count < 1000; count++) asking.ask(crowd, 'crowd');
    for (let count = 0; count < 3; count++) {
      asking.ask(other, 'other');
      asking.ask(third, 'third');
    }
    // One is granted to each beyond the limit; what the crowd gives back goes to the others until they hold as much.
    expect(asking.granted).toEqual(['crowd', 'crowd', 'crowd', 'crowd', 'other', 'third']);
    asking.granted.length = 0;
    for (let count = 0; count < 4; count++) crowd.give(1);
    expect(budget.used).toBe(4);
    expect([crowd.used, other.used, third.used].sort()).toEqual([1, 1, 2]);
  });

  it('keeps a large request from being overtaken for ever by small ones', () => {
    const asking = new Asking();
    const budget = new FairBudget(10);
    const [small, large] = [budget.share(), budget.share()];
    asking.ask(large, 'large', 5);
    for (let count = 0; count < 5; count++) asking.ask(small, 'small');
    asking.ask(large, 'second large', 5);
    for (let count = 0; count < 5; count++) asking.ask(small, 'small');
    large.give(5);
    expect(asking.granted.at(-1)).toBe('second large');
  });

  it('forgets a request that was called off, and lets those behind it go', () => {
    const asking = new Asking();
    const budget = new FairBudget(10);
    const [one, other] = [budget.share(), budget.share()];
    asking.ask(one, 'one', 4);
    asking.ask(other, 'other', 4);
    const large = asking.ask(one, 'large', 8);
    asking.ask(one, 'behind', 2);
    large?.cancel();
    large?.cancel();
    expect(asking.granted).toEqual(['one', 'other', 'behind']);
  });

  it('keeps a share to its own limit, and no other because of it', () => {
    const asking = new Asking();
    const budget = new FairBudget(100);
    const [lanes, other] = [budget.share(), budget.share()];
    lanes.limit = 2;
    for (const name of ['1', '2', '3', '4']) asking.ask(lanes, name);
    for (const name of ['a', 'b', 'c']) asking.ask(other, name);
    expect(asking.granted).toEqual(['1', '2', 'a', 'b', 'c']);
    lanes.give(1);
    expect(asking.granted.at(-1)).toBe('3');
    lanes.limit = 3;
    expect(asking.granted.at(-1)).toBe('4');
  });

  it('needs no stack for takers that give back at once', () => {
    const budget = new FairBudget(1);
    const share = budget.share();
    let granted = 0;
    const taker = {
      onGranted: () => {
        granted++;
        share.give(1);
      },
    };
    share.take(1, taker);
    for (let count = 0; count < 20_000; count++) share.take(1, taker);
    share.give(1);
    expect(granted).toBe(20_000);
    expect(budget.used).toBe(0);
  });

  it('never gives more than it has but one request to each, loses no request, and leaves none waiting that it could grant', () => {
    const step = fc.record({
      share: fc.nat(3),
      action: fc.constantFrom('take', 'take', 'take', 'give', 'cancel', 'limit', 'clear'),
      amount: fc.integer({ min: 1, max: 6 }),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (steps, limit) => {
        const budget = new FairBudget(limit);
        const shares = Array.from({ length: 4 }, () => ({
          share: budget.share(),
          held: [] as number[],
          waiting: [] as { amount: number; cancel: () => void }[],
        }));
        for (const { share: index, action, amount, pick } of steps) {
          const one = shares[index]!;
          const { share, held, waiting } = one;
          if (action === 'take') {
            const request = { amount, cancel: () => {} };
            const wait = share.take(amount, {
              onGranted: () => {
                waiting.splice(waiting.indexOf(request), 1);
                held.push(amount);
              },
            });
            if (wait) {
              request.cancel = () => wait.cancel();
              waiting.push(request);
            } else held.push(amount);
          } else if (action === 'give' && held.length > 0) {
            share.give(held.splice(pick % held.length, 1)[0]!);
          } else if (action === 'cancel' && waiting.length > 0) {
            waiting.splice(pick % waiting.length, 1)[0]!.cancel();
          } else if (action === 'limit') {
            share.limit = amount * 2;
          } else if (action === 'clear') {
            waiting.length = 0;
            share.clear();
          }
          const heldByAll = shares.map(({ held }) => held.reduce((sum, each) => sum + each, 0));
          expect(shares.map(({ share }) => share.used)).toEqual(heldByAll);
          expect(budget.used).toBe(heldByAll.reduce((sum, each) => sum + each, 0));
          expect(budget.used).toBeLessThanOrEqual(limit + 4 * 6);
          for (const { share, waiting } of shares) if (share.used === 0) expect(waiting).toEqual([]);
        }
        for (const { share } of shares) share.limit = Infinity;
        for (let turn = 0; turn < 2000; turn++) {
          const holder = shares.find(({ held }) => held.length > 0);
          if (!holder) break;
          holder.share.give(holder.held.shift()!);
        }
        expect(shares.flatMap(({ waiting }) => waiting)).toEqual([]);
        expect(budget.used).toBe(0);
      }),
    );
  });
});
