import type { Clock, Timer } from '@millrace/eventing-api';
import { vi } from 'vitest';

interface Pending {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  /** Delay of every timer ever asked for, in order. */
  readonly delays: number[] = [];
  readonly #pending = new Set<Pending>();
  #nowMs: number;

  constructor(nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const pending = { dueAt: this.#nowMs + delayMs, callback };
    this.delays.push(delayMs);
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** Milliseconds until each timer that waits, the nearest first. */
  get waits(): number[] {
    return [...this.#pending].map(({ dueAt }) => dueAt - this.#nowMs).sort((a, b) => a - b);
  }

  /** Lets time pass, calling what falls due on the way at its time. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#pending].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt);
      if (next === undefined) break;
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAt);
      next.callback();
    }
    this.#nowMs = end;
  }

  /** Lets time pass while the process is stopped: nothing is called before the next `advance`. */
  freeze(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass in small steps, with real I/O in between, until the condition holds. */
  async advanceUntil(condition: () => boolean, stepMs = 250): Promise<void> {
    await vi.waitFor(
      () => {
        if (condition()) return;
        this.advance(stepMs);
        throw new Error('not yet');
      },
      { interval: 2, timeout: 10_000 },
    );
  }
}
