import type { Timer } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';

/** A clock that stands still: short delays pass at once and are written down, longer ones wait for `advance`. */
export class TestClock extends ManualClock {
  /** The delays that passed at once, in the order in which they were asked for. */
  readonly skippedMs: number[] = [];

  /** @param skipUpToMs delays up to this pass at once; none by default */
  constructor(private readonly skipUpToMs = -1) {
    super(Date.parse('2019-02-12T17:31:00Z'));
  }

  override schedule(delayMs: number, callback: () => void): Timer {
    if (delayMs > this.skipUpToMs) return super.schedule(delayMs, callback);
    this.skippedMs.push(delayMs);
    const immediate = setImmediate(() => {
      this.advance(delayMs);
      callback();
    });
    return { cancel: () => clearImmediate(immediate) };
  }

  /** Timers that wait for `advance`. */
  get pending(): number {
    return this.waits.length;
  }
}
