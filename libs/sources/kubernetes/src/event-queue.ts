import type { Clock, Logger } from '@millrace/eventing-api';
import { beforeDeadline, sendUntilTaken, SourceAccount, type SendOptions } from '@millrace/sources-sink';
import type { CloudEvent } from 'cloudevents';

export interface EventQueueOptions {
  readonly post: SendOptions['post'];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Events that may wait. Default 1000. */
  readonly maxQueued?: number | undefined;
}

const DEFAULT_MAX_QUEUED = 1000;
/** About a minute of waiting in all. */
const RETRIES = { maxAttempts: 12, maxWaitMs: 10_000 };

/**
 * Sends events one at a time, in the order in which they came, each until the sink takes it or its attempts are used up. What waits is bounded: an
 * event that finds the queue full is counted and gone.
 */
export class EventQueue {
  readonly account: SourceAccount;
  private readonly queue: CloudEvent<unknown>[] = [];
  private readonly abort = new AbortController();
  private sending: Promise<void> | undefined;

  constructor(private readonly options: EventQueueOptions) {
    this.account = new SourceAccount(options.logger);
  }

  /** Events that wait or are on their way. */
  get pending(): number {
    return this.queue.length;
  }

  send(event: CloudEvent<unknown>): void {
    const isFull = this.queue.length >= (this.options.maxQueued ?? DEFAULT_MAX_QUEUED);
    if (this.abort.signal.aborted || isFull) {
      this.account.drop(event.id, isFull ? 'queue-full' : 'stopped');
      return;
    }
    this.queue.push(event);
    this.sending ??= this.sendAll(this.abort.signal);
  }

  /** Resolves when nothing waits any more, or when `deadline` aborts. */
  async whenIdle(deadline: AbortSignal): Promise<void> {
    if (this.sending !== undefined) await beforeDeadline(this.sending, deadline);
  }

  /** Gives up what waits. */
  async close(): Promise<void> {
    this.abort.abort();
    await this.sending;
    for (const { id } of this.queue.splice(0)) this.account.drop(id, 'stopped');
  }

  private async sendAll(signal: AbortSignal): Promise<void> {
    for (let event = this.queue[0]; event !== undefined && !signal.aborted; event = this.queue[0]) {
      const outcome = await sendUntilTaken(event, signal, { ...this.options, ...RETRIES });
      if (outcome === 'aborted') break;
      this.queue.shift();
      if (outcome === 'taken') this.account.sent += 1;
      else this.account.drop(event.id, outcome);
    }
    this.sending = undefined;
  }
}
