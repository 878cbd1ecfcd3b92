import type { Clock, ObjectKey, Timer } from '@millrace/eventing-api';
import { retryDelayMs } from './retry-delay.js';

const RETRY_BASE_MS = 5;
const RETRY_MAX_MS = 60_000;

/**
 * Keys that wait for a worker. A key waits at most once and is with one worker at most: added while a worker has it, it waits again
 * once that worker is done. The rules of client-go's `workqueue`, with a cap of 60 s where that has 1000 s.
 */
export class WorkQueue {
  readonly #clock: Clock;
  /** In the order of their turn. */
  readonly #waiting = new Map<string, ObjectKey>();
  readonly #working = new Set<string>();
  /** Added while a worker has them. */
  readonly #again = new Map<string, ObjectKey>();
  readonly #delayed = new Map<string, { readonly dueAt: number; readonly timer: Timer }>();
  readonly #failures = new Map<string, number>();
  readonly #idleWorkers: ((key: ObjectKey | undefined) => void)[] = [];
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keys that wait for a worker now; delayed ones not counted. */
  get depth(): number {
    return this.#waiting.size + this.#again.size;
  }

  /** Gives the key to a worker as soon as one is free. */
  add(key: ObjectKey): void {
    if (this.#closed) return;
    const id = idOf(key);
    if (this.#working.has(id)) {
      this.#again.set(id, key);
      return;
    }
    const worker = this.#idleWorkers.shift();
    if (worker === undefined) {
      this.#waiting.set(id, key);
      return;
    }
    this.#working.add(id);
    worker(key);
  }

  /** Adds the key after a delay; of several delays the one that ends first counts. */
  addAfter(key: ObjectKey, delayMs: number): void {
    if (this.#closed) return;
    const id = idOf(key);
    const dueAt = this.#clock.now() + delayMs;
    const pending = this.#delayed.get(id);
    if (pending !== undefined && pending.dueAt <= dueAt) return;
    pending?.timer.cancel();
    const timer = this.#clock.schedule(delayMs, () => {
      this.#delayed.delete(id);
      this.add(key);
    });
    this.#delayed.set(id, { dueAt, timer });
  }

  /** Adds the key after the back-off that its failures in a row call for, and returns that: 5 ms * 2^n, at most 60 s. */
  retry(key: ObjectKey): number {
    const id = idOf(key);
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    const delayMs = retryDelayMs(failures, RETRY_BASE_MS, RETRY_MAX_MS);
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** Ends the back-off of a key: its work succeeded. */
  forget(key: ObjectKey): void {
    this.#failures.delete(idOf(key));
  }

  /** The next key, for one worker, who must call `done` with it; waits until there is one. Undefined once the queue is closed. */
  take(): Promise<ObjectKey | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const [next] = this.#waiting;
    if (next === undefined) return new Promise((resolve) => this.#idleWorkers.push(resolve));
    const [id, key] = next;
    this.#waiting.delete(id);
    this.#working.add(id);
    return Promise.resolve(key);
  }

  /** The worker has finished with this key. */
  done(key: ObjectKey): void {
    const id = idOf(key);
    this.#working.delete(id);
    const again = this.#again.get(id);
    if (again === undefined) return;
    this.#again.delete(id);
    this.add(again);
  }

  /** Sends the workers home and forgets what waits. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#delayed.values()) timer.cancel();
    this.#delayed.clear();
    this.#waiting.clear();
    this.#again.clear();
    for (const worker of this.#idleWorkers.splice(0)) worker(undefined);
  }
}

function idOf(key: ObjectKey): string {
  return `${key.namespace ?? ''}/${key.name}`;
}
