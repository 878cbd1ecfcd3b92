import { classifyStatus, parseRetryAfterMs } from '@millrace/cloudevents-http';
import type { Claim, StoredEvent, Timer } from '@millrace/eventing-api';
import type { CircuitBreaker } from '../circuit/circuit-breaker.js';
import { backoffDelayMs } from '../retry/backoff.js';
import type { BudgetTaker } from '../sharing/fair-budget.js';
import type { AttemptRecord, Hop } from './attempt-listener.types.js';
import type { HttpAddress, Posting } from './attempt.js';
import type { Answer, AttemptResult, Failure } from './attempt-result.types.js';
import type { Route, Stop } from './route.js';
import type { GiveUpReason, RunContext } from './run-context.types.js';

/** An attempt that was not taken, and where it was made. */
export interface FailedAttempt {
  readonly address: HttpAddress;
  readonly result: Answer | Failure;
}

/**
 * Attempt after attempt at handing one event on, each with the target of its start, until it is taken, refused for good, or the retries are used
 * up. The first and the last are always really made; those in between are spared while the circuit of their target is open, but count all the
 * same (docs/adr/0026). Callbacks instead of promises, since this runs for every event.
 */
export abstract class AttemptSeries implements BudgetTaker {
  protected attempt = 0;
  protected stopped = false;
  /** What is under way: a request, a wait, or the turn in the queue for an attempt. */
  private current: Timer | undefined;
  /** Of the attempts that the process makes at one time, this holds one. */
  private admitted = false;
  /** Of the budget of answer bytes: those of the answer that is being worked on. */
  private heldBytes = 0;
  private circuit: CircuitBreaker | undefined;
  private isProbe = false;

  constructor(
    readonly event: StoredEvent,
    readonly claim: Claim,
    protected readonly context: RunContext,
  ) {}

  /** Where the attempts go. */
  protected abstract readonly hop: 'subscriber' | 'dead-letter';
  protected abstract stopOn(route: Route): Stop;
  /** Makes one attempt with the present target. It ends in `succeeded` or `failed`. */
  protected abstract send(): void;
  /** No further attempt is made. */
  protected abstract giveUp(reason: GiveUpReason, failed: FailedAttempt): void;

  /** Makes the next attempt as soon as it is its turn, or spares it. */
  start(): void {
    if (this.stopped) return;
    this.attempt++;
    const { route, attempts } = this.context;
    const { circuit } = this.stopOn(route);
    const { retry, timeoutMs } = route.target.delivery;
    this.circuit = circuit;
    this.isProbe = false;
    if (this.attempt > 1 && this.attempt <= retry) {
      const verdict = circuit.judge(this.context.services.clock.now(), timeoutMs);
      if (verdict === 'spare') {
        this.spare();
        return;
      }
      this.isProbe = verdict === 'probe';
    }
    this.current = attempts.take(1, this);
    if (!this.current) this.onGranted();
  }

  onGranted(): void {
    this.admitted = true;
    // About to be released: what aborts it is on its way.
    if (this.context.aborted || this.claim.signal.aborted) return;
    const { circuit } = this.stopOn(this.context.route);
    if (circuit !== this.circuit) {
      this.circuit = circuit;
      this.isProbe = false;
    }
    this.send();
  }

  protected post(posting: Posting, hop: Hop, onTaken: (answer: Answer) => void): void {
    this.current = this.context.sender.post(posting, (result) => {
      this.current = undefined;
      if (result.outcome === 'answered' && result.message) this.heldBytes = result.message.body.length;
      const isTaken = result.outcome === 'answered' && classifyStatus(result.status) === 'delivered';
      this.account(posting.address, hop, result, isTaken);
      if (this.stopped || result.outcome === 'aborted') return;
      if (isTaken) onTaken(result);
      else this.failed({ address: posting.address, result });
    });
  }

  /** The attempt has done what it was made for. */
  protected succeeded(): void {
    this.circuit?.succeed();
    this.endAttempt();
  }

  /** Calls off whatever is under way; nothing follows. */
  protected cancel(): void {
    this.stopped = true;
    this.current?.cancel();
    this.endAttempt();
  }

  /** Gives back what the attempt held. Others may start within this call. */
  protected endAttempt(): void {
    const { attempts, answerBytes } = this.context;
    if (this.heldBytes > 0) {
      const bytes = this.heldBytes;
      this.heldBytes = 0;
      answerBytes.give(bytes);
    }
    if (!this.admitted) return;
    this.admitted = false;
    attempts.give(1);
  }

  private failed(failed: FailedAttempt): void {
    const { result } = failed;
    const { services, route } = this.context;
    const { delivery } = route.target;
    const nowMs = services.clock.now();
    if (showsTrouble(result)) this.circuit?.fail(nowMs, this.isProbe);
    else this.circuit?.succeed();
    this.endAttempt();
    if (result.outcome === 'answered' && classifyStatus(result.status) === 'refused') {
      this.giveUp('not-retryable', failed);
    } else if (this.attempt > delivery.retry) {
      this.giveUp('retries-exhausted', failed);
    } else {
      const askedForMs = result.outcome === 'answered' ? (parseRetryAfterMs(result.retryAfter, nowMs) ?? 0) : 0;
      this.startLater(Math.min(askedForMs, delivery.retryAfterMaxMs));
    }
  }

  /** The attempt is not made, and counts. */
  private spare(): void {
    const { counters, route } = this.context;
    const { address } = this.stopOn(route);
    if (this.hop === 'subscriber') counters.sparedAttempts++;
    else counters.sparedSinkAttempts++;
    if (address) this.tell(address, this.hop, { latencyMs: 0, reason: 'circuit-open' });
    if (!this.stopped) this.startLater(0);
  }

  /** @param atLeastMs what the target asked for */
  private startLater(atLeastMs: number): void {
    const { services, route } = this.context;
    const backoffMs = backoffDelayMs(route.target.delivery, this.attempt, services.random);
    this.current = services.clock.schedule(Math.max(backoffMs, atLeastMs), () => this.start());
  }

  private account(address: HttpAddress, hop: Hop, result: AttemptResult, isTaken: boolean): void {
    const { counters } = this.context;
    if (hop === 'subscriber') {
      counters.endAttempt(resultKey(result));
      if (result.outcome !== 'aborted') counters.attemptLatency.observe(result.latencyMs);
    } else if (hop === 'dead-letter') {
      counters.endSinkAttempt(resultKey(result));
    } else if (!isTaken && result.outcome !== 'aborted') {
      counters.failedReplies++;
    }
    if (result.outcome === 'answered') this.tell(address, hop, { latencyMs: result.latencyMs, code: result.status });
    else if (result.outcome === 'failed') this.tell(address, hop, result);
  }

  private tell(address: HttpAddress, hop: Hop, result: Pick<AttemptRecord, 'latencyMs' | 'code' | 'reason'>): void {
    const { services, route } = this.context;
    if (!services.onAttempt) return;
    const { namespace, name, uid } = route.target;
    services.onAttempt({
      eventId: this.event.id,
      eventSource: this.event.source,
      subscription: { namespace, name, uid },
      hop,
      url: address.url,
      attempt: this.attempt,
      code: result.code,
      latencyMs: result.latencyMs,
      reason: result.reason,
    });
  }
}

/**
 * Whether a failed attempt says that its target, and not this event, is the trouble: no answer, a server error, or 404, 408 and 429 (it is not there yet, too
 * slow, or has enough). Anything else was answered by something that is alive.
 */
function showsTrouble(result: Answer | Failure): boolean {
  if (result.outcome === 'failed') return true;
  return classifyStatus(result.status) === 'retryable' && result.status !== 409;
}

function resultKey(result: AttemptResult): number | string {
  if (result.outcome === 'answered') return result.status;
  return result.outcome === 'failed' ? result.reason : result.outcome;
}
