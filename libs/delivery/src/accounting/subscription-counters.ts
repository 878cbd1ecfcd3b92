/**
 * What became of the events of one Subscription in this process, each term counted where it happens and never as the remainder of the others:
 * `claimed = delivered + filtered + deadLettered + dropped + released + inFlight` at every moment (design section 3, "Accounting").
 */
export class SubscriptionCounters {
  claimed = 0;
  delivered = 0;
  filtered = 0;
  deadLettered = 0;
  /** By reason: `retries-exhausted`, `not-retryable`, `loop`, `channel-deleted`, ... */
  readonly droppedByReason = new Map<string, number>();
  released = 0;
  inFlight = 0;
  /** HTTP attempts at the subscriber, retries included. */
  attempts = 0;
  /** Replies that were taken by the reply address. */
  replies = 0;

  drop(reason: string): void {
    this.droppedByReason.set(reason, (this.droppedByReason.get(reason) ?? 0) + 1);
  }

  get dropped(): number {
    let sum = 0;
    for (const count of this.droppedByReason.values()) sum += count;
    return sum;
  }
}
