import { ManualClock } from '@millrace/testing';

/** A clock that a test can set as well: timers wait as long as they would have. */
export class SettableClock extends ManualClock {
  private offsetMs = 0;

  override now(): number {
    return super.now() + this.offsetMs;
  }

  set(byMs: number): void {
    this.offsetMs += byMs;
  }
}
