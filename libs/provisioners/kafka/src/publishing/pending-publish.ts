import type { PublishResult } from '@millrace/eventing-api';
import type { Message } from 'kafkajs';

/** One publish that waits for the broker. */
export class PendingPublish {
  readonly result: Promise<PublishResult>;
  private resolve!: (result: PublishResult) => void;
  private isAnswered = false;

  /** @param onAbort is called when the signal aborts before there is an answer */
  constructor(
    readonly message: Message,
    readonly bytes: number,
    /** When the answer is due, in milliseconds since the epoch. */
    readonly dueMs: number,
    private readonly signal: AbortSignal | undefined,
    private readonly onAbort: (publish: PendingPublish) => void,
  ) {
    this.result = new Promise((resolve) => (this.resolve = resolve));
    signal?.addEventListener('abort', this, { once: true });
  }

  /** Whether the producer has its answer: then the event need not be sent any more. */
  get answered(): boolean {
    return this.isAnswered;
  }

  /** Only the first answer counts. */
  answer(result: PublishResult): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.signal?.removeEventListener('abort', this);
    this.resolve(result);
  }

  /** The time of the publish is up. */
  handleEvent(): void {
    this.onAbort(this);
  }
}
