import type { Clock, CronSchedule, Timer } from '@millrace/eventing-api';

/** So soon it is noticed that the clock was set, or that the machine slept. */
const MAX_SLEEP_MS = 60_000;
/** A tick that is noticed later than this is missed. */
const MAX_LATENESS_MS = 60_000;
/** A clock that goes further than this was set, rather than slow: what it passed over was never due. */
const MAX_JUMP_MS = 7 * 24 * 3_600_000;
/** A clock that goes back by less than this repeats no tick. */
const MAX_STEP_BACK_MS = 3_600_000;

export interface TickerOptions {
  readonly schedule: CronSchedule;
  readonly clock: Clock;
  /** @param dueAtMs when the tick was due, in milliseconds since the epoch */
  readonly onTick: (dueAtMs: number) => void;
  /** Ticks were not noticed in time (the machine slept, the process hung): they are not made up for. */
  readonly onMissed: (count: number) => void;
}

/** Tells of each time of a schedule when it comes, from `start` to `stop`. */
export class Ticker {
  private timer: Timer | undefined;
  private wokeAtMs = 0;
  private nextMs: number | undefined;

  constructor(private readonly options: TickerOptions) {}

  start(): void {
    const { schedule, clock } = this.options;
    this.wokeAtMs = clock.now();
    this.nextMs = schedule.nextAfter(this.wokeAtMs);
    this.sleep();
  }

  stop(): void {
    this.timer?.cancel();
  }

  private sleep(): void {
    const { clock } = this.options;
    const untilNextMs = (this.nextMs ?? Infinity) - clock.now();
    this.timer = clock.schedule(Math.min(Math.max(untilNextMs, 0), MAX_SLEEP_MS), () => this.wake());
  }

  private wake(): void {
    const nowMs = this.options.clock.now();
    const passedMs = nowMs - this.wokeAtMs;
    if (passedMs > MAX_JUMP_MS || passedMs < -MAX_STEP_BACK_MS) {
      this.start();
      return;
    }
    this.wokeAtMs = Math.max(nowMs, this.wokeAtMs);
    this.tellDue(nowMs);
    this.sleep();
  }

  private tellDue(nowMs: number): void {
    const { schedule, onTick, onMissed } = this.options;
    let missed = 0;
    while (this.nextMs !== undefined && this.nextMs <= nowMs) {
      const dueAtMs = this.nextMs;
      this.nextMs = schedule.nextAfter(dueAtMs);
      if (nowMs - dueAtMs < MAX_LATENESS_MS) onTick(dueAtMs);
      else missed += 1;
    }
    if (missed > 0) onMissed(missed);
  }
}
