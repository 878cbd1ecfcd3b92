import { setMaxListeners } from 'node:events';
import type { Clock } from '@millrace/eventing-api';

/** Publishes that begin within this time share one deadline. */
const SLOT_MS = 250;

/** Deadlines of publishes: one timer for all that begin within a quarter of a second, none for each event. */
export class PublishDeadlines {
  private signal: AbortSignal | undefined;
  private slotEndsAtMs = 0;

  constructor(
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  /** A signal that aborts when a publish that begins now has taken too long: after the time-out, up to a quarter of a second less. */
  next(): AbortSignal {
    const nowMs = this.clock.now();
    if (this.signal && nowMs < this.slotEndsAtMs) return this.signal;
    const slot = new AbortController();
    setMaxListeners(0, slot.signal);
    this.clock.schedule(this.timeoutMs, () => slot.abort());
    this.signal = slot.signal;
    this.slotEndsAtMs = nowMs + SLOT_MS;
    return slot.signal;
  }
}
