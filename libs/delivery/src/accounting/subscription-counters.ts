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
  /** Events that the dead letter sink took. */
  deadLetteredToSink = 0;
  /** Events that the dead-letter place keeps. */
  deadLetteredToPlace = 0;
  /** By reason: `retries-exhausted`, `not-retryable`, `loop`, `dead-letters-full`. */
  readonly droppedByReason = new Map<string, number>();
  released = 0;
  /** HTTP attempts at the subscriber, retries included. */
  attempts = 0;
  /** Attempts that have ended, by HTTP status or, where there was none, by reason: `503`, `timeout`, `aborted`, ... */
  readonly attemptsByResult = new Map<string | number, number>();
  /** Attempts that were not made, since the circuit of their target was open. */
  sparedAttempts = 0;
  /** How long the attempts took that were not called off. */
  readonly attemptLatency = new LatencyHistogram();
  /** Replies that were taken by the reply address. */
  replies = 0;
  /** Attempts to hand on a reply that failed, and the delivery with it. */
  failedReplies = 0;
  /** Answers that claimed to be an event and were none; they count as no reply. */
  invalidReplies = 0;
  /** HTTP attempts at the dead letter sink that have ended, by HTTP status or reason. */
  readonly sinkAttemptsByResult = new Map<string | number, number>();
  /** Attempts at the dead letter sink that were not made, since its circuit was open. */
  sparedSinkAttempts = 0;
  /** Writes to the dead-letter place that have ended, by outcome: `stored`, `full`, `unavailable`. */
  readonly placeWritesByOutcome = new Map<string, number>();

  /** @param countInFlight counts the events that are under way, where they are */
  constructor(private readonly countInFlight: () => number = () => 0) {}

  /** Claimed and not settled: the events that are really there, not a sum of what came and went. */
  get inFlight(): number {
    return this.countInFlight();
  }

  get deadLettered(): number {
    return this.deadLetteredToSink + this.deadLetteredToPlace;
  }

  get dropped(): number {
    let sum = 0;
    for (const count of this.droppedByReason.values()) sum += count;
    return sum;
  }

  drop(reason: string): void {
    addOne(this.droppedByReason, reason);
  }

  /** @param result HTTP status, or the reason why there is none */
  endAttempt(result: string | number): void {
    addOne(this.attemptsByResult, result);
  }

  /** @param result HTTP status, or the reason why there is none */
  endSinkAttempt(result: string | number): void {
    addOne(this.sinkAttemptsByResult, result);
  }

  endPlaceWrite(outcome: string): void {
    addOne(this.placeWritesByOutcome, outcome);
  }
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
