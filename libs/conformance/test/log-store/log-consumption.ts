import type { ConsumeOptions, Consumption, EventHandler, StoredEvent } from '@millrace/eventing-api';
import type { LogPosition } from './log-position.js';

/** One process that consumes one Subscription of the log. */
export class LogConsumption implements Consumption {
  readonly closed: Promise<void>;
  private readonly end = Promise.withResolvers<undefined>();
  private readonly held = new Map<number, AbortController>();
  private paused = false;
  private ended = false;
  private stopping: Promise<void> | undefined;
  private overdue = false;
  private endWait: (() => void) | undefined;

  constructor(
    private readonly position: LogPosition,
    private readonly handler: EventHandler,
    private options: ConsumeOptions,
  ) {
    this.closed = this.end.promise;
    this.closed.catch(() => {});
    position.join(this);
  }

  /** How many more it would take. */
  get room(): number {
    return this.paused || this.ended ? 0 : this.options.maxInFlight - this.held.size;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.position.forgive(this);
  }

  update(options: ConsumeOptions): void {
    this.options = options;
    this.position.dispatchSoon();
  }

  stop(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.onDeadline();
    else deadline.addEventListener('abort', this.onDeadline, { once: true });
    this.stopping ??= this.finish();
    return this.stopping;
  }

  handOut(index: number, event: StoredEvent, deliveryCount: number): void {
    const ownership = new AbortController();
    this.held.set(index, ownership);
    void this.handler(event, { signal: ownership.signal, deliveryCount }).then((settlement) => {
      if (this.held.get(index) !== ownership) return;
      this.held.delete(index);
      if (settlement === 'release') this.position.release(index, this);
      else this.position.settle(index, this);
      if (this.held.size === 0) this.endWait?.();
    });
  }

  /** The store has given its events to somebody else. */
  loseClaims(): void {
    const lost = [...this.held.values()];
    this.held.clear();
    for (const ownership of lost) ownership.abort(new Error('The claim was lost'));
    this.endWait?.();
  }

  takeAway(): void {
    this.ended = true;
    this.loseClaims();
    this.end.reject(new Error('The Subscription was deleted'));
  }

  /** The process vanishes. */
  vanish(): void {
    this.ended = true;
    this.position.leave(this);
    this.loseClaims();
  }

  private readonly onDeadline = (): void => {
    this.overdue = true;
    this.endWait?.();
  };

  private async finish(): Promise<void> {
    this.ended = true;
    if (this.held.size > 0 && !this.overdue) await new Promise<void>((resolve) => (this.endWait = resolve));
    this.loseClaims();
    this.position.leave(this);
    this.end.resolve(undefined);
  }
}
