const WINDOW_MS = 2000;
const MIN_RETRY_AFTER_MS = 1000;
const MAX_RETRY_AFTER_MS = 30_000;

/** How fast a queue empties, measured over the last two windows of two seconds. */
export class DrainRate {
  private windowStartMs: number;
  private count = 0;
  private previousCount = 0;
  private previousStartMs: number;

  constructor(nowMs: number) {
    this.windowStartMs = nowMs;
    this.previousStartMs = nowMs;
  }

  /** One event has left the queue. */
  note(nowMs: number): void {
    this.roll(nowMs);
    this.count++;
  }

  /** Until `events` have left at the present rate, kept between 1 s and 30 s; 30 s when nothing leaves. */
  retryAfterMs(events: number, nowMs: number): number {
    this.roll(nowMs);
    const measured = this.count + this.previousCount;
    if (measured === 0) return MAX_RETRY_AFTER_MS;
    const perMs = measured / Math.max(1, nowMs - this.previousStartMs);
    return Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_RETRY_AFTER_MS, Math.ceil(events / perMs)));
  }

  private roll(nowMs: number): void {
    const elapsedMs = nowMs - this.windowStartMs;
    if (elapsedMs < WINDOW_MS) return;
    const stale = elapsedMs >= 2 * WINDOW_MS;
    this.previousCount = stale ? 0 : this.count;
    this.previousStartMs = stale ? nowMs : this.windowStartMs;
    this.windowStartMs = nowMs;
    this.count = 0;
  }
}
