/**
 * `closed`: attempts are made. `open`: those that can be spared are spared. `half-open`: one of them is on its way, to see whether the target is back.
 */
export type CircuitState = 'closed' | 'half-open' | 'open';

/** What to do about an attempt that can be spared. */
export type CircuitVerdict = 'attempt' | 'probe' | 'spare';

/** Failures in a row, without a success in between, that open a circuit. */
export const FAILURES_TO_OPEN = 10;
/** Milliseconds from the opening to the first probe. Each probe that fails doubles the time to the next. */
export const FIRST_COOL_DOWN_MS = 1000;
/** Most milliseconds between two probes. */
export const MAX_COOL_DOWN_MS = 10_000;

/**
 * Spares a target that answers nothing but trouble the attempts that are not needed (docs/adr/0026). It belongs to one Subscription and its address, and knows
 * only what it is told of attempts that were really made: those that cannot be spared go on and may close it at any time.
 */
export class CircuitBreaker {
  private current: CircuitState = 'closed';
  private failuresInRow = 0;
  private coolDownMs = 0;
  /** When open: the next probe may start then. When half-open: the present one is given up for lost then. */
  private nextProbeAtMs = 0;

  get state(): CircuitState {
    return this.current;
  }

  /** @param timeoutMs how long an attempt may take, after which a probe that nothing was heard of is forgotten */
  judge(nowMs: number, timeoutMs: number): CircuitVerdict {
    if (this.current === 'closed') return 'attempt';
    if (nowMs < this.nextProbeAtMs) return 'spare';
    this.current = 'half-open';
    this.nextProbeAtMs = nowMs + Math.max(timeoutMs, this.coolDownMs);
    return 'probe';
  }

  /** An attempt showed that the target is alive. */
  succeed(): void {
    this.failuresInRow = 0;
    this.current = 'closed';
  }

  /** An attempt showed that the target is in trouble. Of an open circuit only probes change something: others may have begun long before. */
  fail(nowMs: number, wasProbe: boolean): void {
    this.failuresInRow++;
    if (this.current === 'closed') {
      if (this.failuresInRow >= FAILURES_TO_OPEN) this.open(nowMs, FIRST_COOL_DOWN_MS);
    } else if (wasProbe) {
      this.open(nowMs, Math.min(this.coolDownMs * 2, MAX_COOL_DOWN_MS));
    }
  }

  private open(nowMs: number, coolDownMs: number): void {
    this.current = 'open';
    this.coolDownMs = coolDownMs;
    this.nextProbeAtMs = nowMs + coolDownMs;
  }
}
