/** Upper bounds of the buckets in milliseconds. */
const BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000] as const;

/** Durations counted in fixed buckets: plain numbers, written on the hot path and read when somebody scrapes. */
export class LatencyHistogram {
  /** Upper bounds in seconds, as Prometheus has them. */
  static readonly boundsSeconds: readonly number[] = BOUNDS_MS.map((bound) => bound / 1000);

  /** Observations by bucket, not cumulative; the last one has those above every bound. */
  readonly counts: number[] = new Array<number>(BOUNDS_MS.length + 1).fill(0);
  private sumMs = 0;

  observe(durationMs: number): void {
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && durationMs > (BOUNDS_MS[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sumMs += durationMs;
  }

  get sumSeconds(): number {
    return this.sumMs / 1000;
  }
}
