import type { ObjectKey } from '@millrace/eventing-api';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { WorkQueue } from './work-queue.js';

const A = { namespace: 'default', name: 'a' };
const B = { namespace: 'default', name: 'b' };

let clock: ManualClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = new ManualClock();
  queue = new WorkQueue(clock);
});

describe('WorkQueue', () => {
  it('gives out keys in the order in which they came, each once', async () => {
    for (const key of [A, B, A, A, B]) queue.add(key);
    expect(queue.depth).toBe(2);
    expect([await queue.take(), await queue.take()]).toEqual([A, B]);
    expect(queue.depth).toBe(0);
  });

  it('keeps a key that comes back while a worker has it until that worker is done', async () => {
    queue.add(A);
    await queue.take();
    const second = queue.take();
    queue.add(A);
    queue.add(A);
    queue.add(B);
    expect(await second).toEqual(B);
    queue.done(A);
    expect(await queue.take()).toEqual(A);
    queue.done(A);
    expect(queue.depth).toBe(0);
  });

  it('tells objects of one name in two namespaces apart', async () => {
    queue.add({ namespace: 'x', name: 'a' });
    queue.add({ namespace: 'y', name: 'a' });
    queue.add({ name: 'a' });
    expect(queue.depth).toBe(3);
    expect(await queue.take()).toEqual({ namespace: 'x', name: 'a' });
  });

  it('adds a delayed key when its time has come, at the earliest time asked for', () => {
    queue.addAfter(A, 1000);
    queue.addAfter(A, 200);
    queue.addAfter(A, 500);
    clock.advance(199);
    expect(queue.depth).toBe(0);
    clock.advance(1);
    expect(queue.depth).toBe(1);
    expect(clock.waits).toEqual([]);
  });

  it('doubles the wait of a failing key from 5 ms up to a minute, until it succeeds', () => {
    const waits = Array.from({ length: 16 }, () => queue.retry(A));
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(waits.slice(-3)).toEqual([40_960, 60_000, 60_000]);
    expect(queue.retry(B)).toBe(5);
    queue.forget(A);
    expect(queue.retry(A)).toBe(5);
  });

  it('does not keep a key with back-off from being looked at when it changes', async () => {
    for (let failures = 0; failures < 14; failures += 1) queue.retry(A);
    queue.add(A);
    expect(await queue.take()).toEqual(A);
  });

  it('sends workers home when it closes, and takes nothing more', async () => {
    const waiting = queue.take();
    queue.addAfter(A, 10);
    queue.close();
    queue.add(B);
    clock.advance(10);
    expect(await waiting).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
    expect(clock.waits).toEqual([]);
  });

  it('never gives a key to two workers and never loses one, whatever the order of events', async () => {
    const keys = ['a', 'b', 'c'].map((name) => ({ namespace: 'default', name }));
    const key = fc.constantFrom(...keys);
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key }),
      fc.record({ do: fc.constant('addAfter' as const), key, delayMs: fc.nat(20) }),
      fc.record({ do: fc.constant('retry' as const), key }),
      fc.record({ do: fc.constant('take' as const) }),
      fc.record({ do: fc.constant('done' as const), nth: fc.nat(5) }),
      fc.record({ do: fc.constant('advance' as const), ms: fc.nat(30) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const model = new QueueModel();
        for (const each of steps) {
          if (each.do === 'add') model.add(each.key);
          else if (each.do === 'addAfter') model.addLater(each.key, () => model.queue.addAfter(each.key, each.delayMs));
          else if (each.do === 'retry') model.addLater(each.key, () => model.queue.retry(each.key));
          else if (each.do === 'take') await model.take();
          else if (each.do === 'done') await model.done(each.nth);
          else model.clock.advance(each.ms);
        }
        await model.finish();
        // Every key that was asked for was seen by a worker after it was asked for the last time.
        expect([...model.owed]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Drives a queue and notes what it owes: keys asked for that no worker has begun since. */
class QueueModel {
  readonly clock = new ManualClock();
  readonly queue = new WorkQueue(this.clock);
  readonly owed = new Set<string>();
  readonly #working: ObjectKey[] = [];
  readonly #idle: Promise<void>[] = [];

  add(key: ObjectKey): void {
    this.owed.add(key.name);
    this.queue.add(key);
  }

  addLater(key: ObjectKey, ask: () => void): void {
    this.owed.add(key.name);
    ask();
  }

  async take(): Promise<void> {
    const begun = this.queue.take().then((key) => {
      if (key === undefined) return;
      expect(this.#working.map(({ name }) => name)).not.toContain(key.name);
      this.#working.push(key);
      this.owed.delete(key.name);
    });
    this.#idle.push(begun);
    await settled();
  }

  async done(nth: number): Promise<void> {
    const [key] = this.#working.splice(nth, 1);
    if (key !== undefined) this.queue.done(key);
    await settled();
  }

  /** Lets all time pass and works off what is left. */
  async finish(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      this.clock.advance(120_000);
      await settled();
      while (this.#working.length > 0) await this.done(0);
      if (this.queue.depth > 0) await this.take();
    }
    this.queue.close();
    await Promise.all(this.#idle);
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
