import type { DeliveryRun } from './delivery-run.js';

/**
 * The runs of a Subscription that have not ended. An array in which a removal moves the last one into the gap: a Set that takes in and gives back
 * thousands a second leaves a trail of tables behind, each of which holds on to the next, and the garbage collector then pays for every event.
 */
export class OpenRuns {
  private readonly runs: DeliveryRun[] = [];
  private readonly watched = new WeakSet<AbortSignal>();
  private lastWatched: AbortSignal | undefined;

  get size(): number {
    return this.runs.length;
  }

  /** Keeps a run until it is removed, and aborts it when its claim is lost. */
  add(run: DeliveryRun): void {
    run.slot = this.runs.push(run) - 1;
    const { signal } = run.claim;
    if (signal !== this.lastWatched) this.watch(signal);
  }

  remove(run: DeliveryRun): void {
    const last = this.runs.pop() as DeliveryRun;
    if (last === run) return;
    this.runs[run.slot] = last;
    last.slot = run.slot;
  }

  /** Aborts those under one claim, or all. */
  abort(signal?: AbortSignal): void {
    const affected = this.runs.filter(({ claim }) => signal === undefined || claim.signal === signal);
    for (const run of affected) run.abort();
  }

  /** One listener a signal, however many events share it. */
  private watch(signal: AbortSignal): void {
    this.lastWatched = signal;
    if (this.watched.has(signal)) return;
    this.watched.add(signal);
    signal.addEventListener('abort', () => this.abort(signal), { once: true });
  }
}
