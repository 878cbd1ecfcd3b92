import type { Claim, Settlement, StoredEvent } from '@millrace/eventing-api';
import { DeadLetterRun } from '../dead-letter/dead-letter-run.js';
import { deadLetterOf } from '../dead-letter/dead-letter.js';
import type { LanePlace } from '../lanes/lanes.js';
import { AttemptSeries, type FailedAttempt } from './attempt-series.js';
import type { Answer } from './attempt-result.types.js';
import { replyHeaders } from './delivery-headers.js';
import { readReply } from './read-reply.js';
import type { Route, Stop } from './route.js';
import type { GiveUpReason, RunContext, RunOutcome } from './run-context.types.js';

/** Intakes that an event may pass; one more and it goes round in a circle. */
const MAX_HOPS = 64;

const DELIVERED: RunOutcome = { outcome: 'delivered' };
const RELEASE: RunOutcome = { outcome: 'release' };

/** Who keeps the runs. */
export interface RunOwner extends RunContext {
  /** Is told exactly once of each run. */
  onEnd(run: DeliveryRun, outcome: RunOutcome): void;
}

/**
 * Takes one event to its end: to the subscriber, with the replies that it brings, and as a dead letter if that cannot be. A failed reply is a failed delivery: the
 * subscriber gets the event again (Knative Eventing data plane contract).
 */
export class DeliveryRun extends AttemptSeries {
  /** Its place among the open runs, which alone care. */
  slot = -1;
  /** Its place in its lane, where it has one. */
  lane: LanePlace<DeliveryRun> | undefined;
  protected readonly hop = 'subscriber';
  private deadLetter: DeadLetterRun | undefined;
  private ended = false;

  /** @param settle tells the store what became of the event */
  constructor(
    event: StoredEvent,
    claim: Claim,
    private readonly owner: RunOwner,
    readonly settle: (settlement: Settlement) => void,
  ) {
    super(event, claim, owner);
  }

  override start(): void {
    if (this.event.transport.hops > MAX_HOPS && !this.stopped) this.giveUp('loop');
    else super.start();
  }

  /** Ends the run as `release`, whatever it is at. */
  abort(): void {
    this.cancel();
    this.deadLetter?.abort();
    this.end(RELEASE);
  }

  protected stopOn(route: Route): Stop {
    return route.subscriber;
  }

  protected send(): void {
    const { route, counters } = this.context;
    const { address } = route.subscriber;
    if (!address) {
      this.succeed();
      return;
    }
    counters.attempts++;
    const posting = {
      address,
      headers: route.headersFor(this.event, route.target),
      body: this.event.body,
      timeoutMs: route.target.delivery.timeoutMs,
      wantsMessage: route.replyAddress !== undefined,
    };
    this.post(posting, 'subscriber', (answer) => this.sendReplies(route, this.repliesIn(answer)));
  }

  protected giveUp(reason: GiveUpReason, failed?: FailedAttempt): void {
    const { route, deadLetters } = this.context;
    const message = failed ? this.describe(failed) : `The event has passed more than ${MAX_HOPS} intakes.`;
    if (!route.deadLetterSink.address && !deadLetters.hasPlace) {
      this.end({ outcome: 'dropped', reason, message });
      return;
    }
    const letter = deadLetterOf(this.event, reason, failed);
    this.deadLetter = new DeadLetterRun(letter, this.claim, this.context, { reason, message }, (outcome) =>
      this.end(outcome),
    );
    this.deadLetter.start();
  }

  private sendReplies(route: Route, replies: readonly StoredEvent[]): void {
    const [reply, ...rest] = replies;
    const { replyAddress, target } = route;
    if (!reply || !replyAddress) {
      this.succeed();
      return;
    }
    const posting = {
      address: replyAddress,
      headers: replyHeaders(reply, target),
      body: reply.body,
      timeoutMs: target.delivery.timeoutMs,
      wantsMessage: false,
    };
    this.post(posting, 'reply', () => {
      this.context.counters.replies++;
      this.sendReplies(route, rest);
    });
  }

  private repliesIn(answer: Answer): readonly StoredEvent[] {
    if (!answer.message) return [];
    const reading = readReply(this.event, answer.message);
    if (reading.outcome === 'reply') return reading.events;
    if (reading.outcome === 'invalid') this.context.counters.invalidReplies++;
    return [];
  }

  private succeed(): void {
    this.succeeded();
    this.end(DELIVERED);
  }

  private end(outcome: RunOutcome): void {
    if (this.ended) return;
    this.ended = true;
    this.stopped = true;
    this.owner.onEnd(this, outcome);
  }

  private describe({ address, result }: FailedAttempt): string {
    const what = result.outcome === 'answered' ? `HTTP ${result.status}` : `${result.reason}: ${result.message}`;
    return `${what} (${address.url}, attempt ${this.attempt})`;
  }
}
