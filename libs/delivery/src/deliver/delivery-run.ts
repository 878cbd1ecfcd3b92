import type { Claim, Clock, StoredEvent, Timer } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import { backoffDelayMs } from '../retry/backoff.js';
import { classifyStatus } from '../retry/classify.js';
import { parseRetryAfterMs } from '../retry/retry-after.js';
import type { AttemptListener, AttemptRecord } from './attempt-listener.types.js';
import type { AttemptResult } from './attempt-result.types.js';
import { replyHeaders } from './delivery-headers.js';
import type { HttpAddress, Posting } from './attempt.js';
import type { HttpSender } from './http-sender.js';
import { readReply } from './read-reply.js';
import type { Route } from './route.js';

/** What a run needs of those around it. */
export interface RunContext {
  /** The target of attempts that start now. */
  readonly route: Route;
  readonly counters: SubscriptionCounters;
  readonly sender: HttpSender;
  readonly services: DeliveryServices;
}

/** What all deliveries of a process share. */
export interface DeliveryServices {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly onAttempt: AttemptListener | undefined;
}

/** Why an event is given up. */
export type DropReason = 'loop' | 'retries-exhausted' | 'not-retryable';

/** How a run ended. */
export type RunOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'dropped'; readonly reason: DropReason; readonly message: string }
  | { readonly outcome: 'release' };

const DELIVERED: RunOutcome = { outcome: 'delivered' };
const RELEASE: RunOutcome = { outcome: 'release' };

type Answer = Extract<AttemptResult, { outcome: 'answered' }>;
type Failure = Extract<AttemptResult, { outcome: 'failed' }>;

/**
 * Takes one event to its end, attempt after attempt, each with the target of its start and with the replies that it brings. A failed reply
 * is a failed delivery: the subscriber gets the event again (Knative Eventing data plane contract). Callbacks instead of promises, since this runs
 * for every event.
 */
export class DeliveryRun {
  /** Its place among the open runs, which alone care. */
  slot = -1;
  private attempt = 0;
  private ended = false;
  /** What is under way: a request or a wait. */
  private current: Timer | undefined;

  constructor(
    private readonly event: StoredEvent,
    readonly claim: Claim,
    private readonly context: RunContext,
    private readonly onEnd: (outcome: RunOutcome) => void,
  ) {}

  start(): void {
    this.attempt++;
    const { route, counters } = this.context;
    const { address, target } = route;
    if (!address) {
      this.end(DELIVERED);
      return;
    }
    counters.attempts++;
    const posting = {
      address,
      headers: route.headersFor(this.event, target),
      body: this.event.body,
      timeoutMs: target.delivery.timeoutMs,
      wantsMessage: route.replyAddress !== undefined,
    };
    this.post(posting, 'subscriber', (answer) => this.sendReplies(route, this.repliesIn(answer)));
  }

  /** Ends the run as `release`, whatever it is at. */
  abort(): void {
    this.end(RELEASE);
    this.current?.cancel();
  }

  private sendReplies(route: Route, replies: readonly StoredEvent[]): void {
    const [reply, ...rest] = replies;
    const { replyAddress, target } = route;
    if (!reply || !replyAddress) {
      this.end(DELIVERED);
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

  private post(posting: Posting, hop: AttemptRecord['hop'], onTaken: (answer: Answer) => void): void {
    this.current = this.context.sender.post(posting, (result) => {
      this.account(posting, hop, result);
      if (this.ended || result.outcome === 'aborted') return;
      if (result.outcome === 'answered' && classifyStatus(result.status) === 'delivered') onTaken(result);
      else this.retryOrDrop(posting.address, result);
    });
  }

  private repliesIn(answer: Answer): readonly StoredEvent[] {
    if (!answer.message) return [];
    const reading = readReply(this.event, answer.message);
    if (reading.outcome === 'reply') return reading.events;
    if (reading.outcome === 'invalid') this.context.counters.invalidReplies++;
    return [];
  }

  private retryOrDrop(address: HttpAddress, result: Answer | Failure): void {
    const { delivery } = this.context.route.target;
    if (result.outcome === 'answered' && classifyStatus(result.status) === 'refused') {
      this.drop('not-retryable', address, result);
    } else if (this.attempt > delivery.retry) {
      this.drop('retries-exhausted', address, result);
    } else {
      this.current = this.context.services.clock.schedule(this.waitMs(result), () => this.start());
    }
  }

  private waitMs(result: Answer | Failure): number {
    const { clock, random } = this.context.services;
    const { delivery } = this.context.route.target;
    const backoffMs = backoffDelayMs(delivery, this.attempt, random);
    if (result.outcome !== 'answered') return backoffMs;
    const retryAfterMs = parseRetryAfterMs(result.retryAfter, clock.now()) ?? 0;
    return Math.max(backoffMs, Math.min(retryAfterMs, delivery.retryAfterMaxMs));
  }

  private drop(reason: DropReason, address: HttpAddress, result: Answer | Failure): void {
    const what = result.outcome === 'answered' ? `HTTP ${result.status}` : `${result.reason}: ${result.message}`;
    this.end({ outcome: 'dropped', reason, message: `${what} (${address.url}, attempt ${this.attempt})` });
  }

  private end(outcome: RunOutcome): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd(outcome);
  }

  private account(posting: Posting, hop: AttemptRecord['hop'], result: AttemptResult): void {
    const { counters, services, route } = this.context;
    if (hop === 'subscriber') {
      counters.endAttempt(resultKey(result));
      if (result.outcome !== 'aborted') counters.attemptLatency.observe(result.latencyMs);
    }
    if (!services.onAttempt || result.outcome === 'aborted') return;
    const { namespace, name, uid } = route.target;
    services.onAttempt({
      eventId: this.event.id,
      eventSource: this.event.source,
      subscription: { namespace, name, uid },
      hop,
      url: posting.address.url,
      attempt: this.attempt,
      code: result.outcome === 'answered' ? result.status : undefined,
      latencyMs: result.latencyMs,
      reason: result.outcome === 'failed' ? result.reason : undefined,
    });
  }
}

function resultKey(result: AttemptResult): number | string {
  if (result.outcome === 'answered') return result.status;
  return result.outcome === 'failed' ? result.reason : result.outcome;
}
