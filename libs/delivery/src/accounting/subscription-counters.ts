import { LatencyHistogram } from './latency-histogram.js';

/**
 * What became of the events of one Subscription in this process, each term counted where it happens and never as the remainder of the others:
 * `claimed = delivered + filtered + deadLettered + dropped + released + inFlight` at every moment
 * (docs/guide/delivery.md, "What is counted").
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
  /** Attempts that have ended, by HTTP status or, where there was none, by reason: `503`, `timeout`, `aborted`, ... */
  readonly attemptsByResult = new Map<string | number, number>();
  /** How long the attempts took that were not called off. */
  readonly attemptLatency = new LatencyHistogram();
  /** Replies that were taken by the reply address. */
  replies = 0;
  /** Answers that claimed to be an event and were none; they count as no reply. */
  invalidReplies = 0;

  drop(reason: string): void {
    addOne(this.droppedByReason, reason);
  }

  /** @param result HTTP status, or the reason why there is none */
  endAttempt(result: string | number): void {
    addOne(this.attemptsByResult, result);
  }

  get dropped(): number {
    let sum = 0;
    for (const count of this.droppedByReason.values()) sum += count;
    return sum;
  }
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
