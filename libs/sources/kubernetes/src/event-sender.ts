import { sleep, type Clock, type Logger } from '@millrace/eventing-api';
import type { CloudEvent } from 'cloudevents';
import type { PostOutcome } from './sink.js';

export interface EventSenderOptions {
  readonly post: (event: CloudEvent<unknown>, signal: AbortSignal) => Promise<PostOutcome>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Events that may wait. Default 1000. */
  readonly maxQueued?: number | undefined;
  /** Attempts for one event. Default 12: about a minute of waiting in all. */
  readonly maxAttempts?: number | undefined;
}

const DEFAULT_MAX_QUEUED = 1000;
const DEFAULT_MAX_ATTEMPTS = 12;
const FIRST_WAIT_MS = 200;
const MAX_WAIT_MS = 10_000;
/** A sink may ask for a longer wait, up to this. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Why an event was given up. */
export type DropReason = 'queue-full' | 'refused' | 'retries-exhausted' | 'stopped';

/**
 * Sends events one at a time, in the order in which they came, each until the sink takes it or its attempts are used up. What waits is bounded: an
 * event that finds the queue full is counted and gone.
 */
export class EventSender {
  readonly dropped = new Map<DropReason, number>();
  sent = 0;
  private readonly queue: CloudEvent<unknown>[] = [];
  private readonly abort = new AbortController();
  private sending: Promise<void> | undefined;

  constructor(private readonly options: EventSenderOptions) {}

  /** Events that wait or are on their way. */
  get pending(): number {
    return this.queue.length;
  }

  send(event: CloudEvent<unknown>): void {
    const isFull = this.queue.length >= (this.options.maxQueued ?? DEFAULT_MAX_QUEUED);
    if (this.abort.signal.aborted || isFull) {
      this.drop(event, isFull ? 'queue-full' : 'stopped');
      return;
    }
    this.queue.push(event);
    this.sending ??= this.sendAll(this.abort.signal);
  }

  /** Resolves when nothing waits any more, or when `deadline` aborts. */
  async whenIdle(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted || this.sending === undefined) return;
    const aborted = Promise.withResolvers<undefined>();
    deadline.addEventListener('abort', () => aborted.resolve(undefined), { once: true });
    await Promise.race([this.sending, aborted.promise]);
  }

  /** Gives up what waits. */
  async close(): Promise<void> {
    this.abort.abort();
    await this.sending;
    for (const event of this.queue.splice(0)) this.drop(event, 'stopped');
  }

  private async sendAll(signal: AbortSignal): Promise<void> {
    for (let event = this.queue[0]; event !== undefined && !signal.aborted; event = this.queue[0]) {
      const reason = await this.sendOne(event, signal);
      if (signal.aborted && reason === 'stopped') break;
      this.queue.shift();
      if (reason === undefined) this.sent += 1;
      else this.drop(event, reason);
    }
    this.sending = undefined;
  }

  /** Undefined once the sink has taken it. */
  private async sendOne(event: CloudEvent<unknown>, signal: AbortSignal): Promise<DropReason | undefined> {
    const maxAttempts = this.options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await this.options.post(event, signal);
        if (result.outcome === 'accepted') return undefined;
        if (result.outcome === 'refused' && !result.retryable) {
          this.options.logger.warn('The sink refuses the event', { id: event.id, status: result.status });
          return 'refused';
        }
        const cause = result.outcome === 'refused' ? `status ${result.status}` : result.message;
        if (attempt === 1) this.options.logger.info('The sink does not take the event yet', { id: event.id, cause });
        if (attempt >= maxAttempts) return 'retries-exhausted';
        await sleep(this.options.clock, waitMs(attempt, result), signal);
      }
    } catch (error) {
      if (signal.aborted) return 'stopped';
      throw error;
    }
  }

  private drop(event: CloudEvent<unknown>, reason: DropReason): void {
    const count = (this.dropped.get(reason) ?? 0) + 1;
    this.dropped.set(reason, count);
    this.options.logger.warn('An event was dropped', { id: event.id, reason, dropped: count });
  }
}

/** Doubles from 0.2 s to 10 s, or as the sink asks. */
function waitMs(attempt: number, result: PostOutcome): number {
  const backoffMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MAX_WAIT_MS);
  const askedMs = result.outcome === 'refused' ? (result.retryAfterMs ?? 0) : 0;
  return Math.max(backoffMs, Math.min(askedMs, MAX_RETRY_AFTER_MS));
}
