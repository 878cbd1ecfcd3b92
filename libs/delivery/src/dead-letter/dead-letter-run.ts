import type { Claim, StoredEvent, Timer } from '@millrace/eventing-api';
import { AttemptSeries } from '../deliver/attempt-series.js';
import { replyHeaders } from '../deliver/delivery-headers.js';
import type { Route, Stop } from '../deliver/route.js';
import type { GiveUpReason, RunContext, RunOutcome } from '../deliver/run-context.types.js';
import type { DeadLetter } from './dead-letter.js';
import type { DeadLetterOutcome } from '../deliver/subscription-delivery.types.js';
import { backoffDelayMs } from '../retry/backoff.js';

/** Waits between writes to a place that cannot be written; they go on for as long as it takes. */
const PLACE_BACKOFF = { backoffPolicy: 'exponential', backoffDelayMs: 500, backoffMaxMs: 30_000 } as const;

/** Why the event became a dead letter. */
export interface Verdict {
  readonly reason: GiveUpReason;
  /** For people. */
  readonly message: string;
}

/**
 * Takes a dead letter to the sink, with the retries of its Subscription, and if that does not take it or there is none, to the place of the store. What the
 * sink answers besides its status is of no interest. It ends when the letter is safe, or where there is nowhere for it to go.
 */
export class DeadLetterRun extends AttemptSeries {
  protected readonly hop = 'dead-letter';
  private sinkIsUsedUp = false;
  private writes = 0;
  private wait: Timer | undefined;

  constructor(
    private readonly letter: DeadLetter,
    claim: Claim,
    context: RunContext,
    private readonly verdict: Verdict,
    private readonly onEnd: (outcome: RunOutcome) => void,
  ) {
    super(letter.annotated, claim, context);
  }

  override start(): void {
    this.goOn(this.letter.annotated);
  }

  /** Ends it without an outcome. A write that is under way may still succeed: the letter may be there twice in the end. */
  abort(): void {
    this.cancel();
    this.wait?.cancel();
    this.context.deadLetters.leave(this);
  }

  protected stopOn(route: Route): Stop {
    return route.deadLetterSink;
  }

  protected send(): void {
    const { target, deadLetterSink } = this.context.route;
    const { address } = deadLetterSink;
    if (!address) {
      this.endAttempt();
      this.write();
      return;
    }
    const posting = {
      address,
      headers: replyHeaders(this.event, target),
      body: this.event.body,
      timeoutMs: target.delivery.timeoutMs,
      wantsMessage: false,
    };
    this.post(posting, 'dead-letter', () => {
      this.succeeded();
      this.context.deadLetters.leave(this);
      this.onEnd({ outcome: 'dead-lettered', by: 'sink', ...this.verdict });
    });
  }

  protected giveUp(): void {
    this.sinkIsUsedUp = true;
    this.write();
  }

  /** Asked before each attempt and each write: somebody may name a sink while the place cannot be written. */
  private goOn(letter: StoredEvent): void {
    const { address } = this.context.route.deadLetterSink;
    if (address && !this.sinkIsUsedUp && !this.letter.shunsSink) super.start();
    else this.write(letter);
  }

  private write(letter: StoredEvent = this.letter.annotated): void {
    const { deadLetters } = this.context;
    if (!deadLetters.hasPlace) {
      this.onEnd({ outcome: 'dropped', ...this.verdict });
      return;
    }
    this.writes++;
    void deadLetters.store(letter, this).then((outcome) => {
      if (!this.stopped) this.onWritten(letter, outcome);
    });
  }

  private onWritten(letter: StoredEvent, written: DeadLetterOutcome): void {
    switch (written.outcome) {
      case 'stored':
        this.onEnd({ outcome: 'dead-lettered', by: 'place', ...this.verdict });
        return;
      case 'too-large':
        // What is not known of its failure is less than the event itself.
        if (letter !== this.letter.original) {
          this.write(this.letter.original);
          return;
        }
        this.onEnd({ outcome: 'dropped', reason: 'dead-letters-full', message: written.message });
        return;
      case 'full':
        this.onEnd({ outcome: 'dropped', reason: 'dead-letters-full', message: written.message });
        return;
      case 'unavailable': {
        const { clock, random } = this.context.services;
        this.wait = clock.schedule(backoffDelayMs(PLACE_BACKOFF, this.writes, random), () => this.goOn(letter));
      }
    }
  }
}
