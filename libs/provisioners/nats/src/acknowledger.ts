import type { Clock } from '@millrace/eventing-api';
import type { StoreConnection } from './store-connection.js';
import { isNoResponders, ReplyInbox } from './reply-inbox.js';

/** What the server said to an acknowledgement: it has it, or there is no such consumer. */
export type AcknowledgementOutcome = 'confirmed' | 'nobody';

interface Waiting {
  readonly sinceMs: number;
  readonly onOutcome: (outcome: AcknowledgementOutcome) => void;
}

/** An answer that has not come by then does not come any more; who waits has asked again. */
const ANSWER_LIMIT_MS = 10_000;
const ACK = Buffer.from('+ACK');
const NAK = Buffer.from('-NAK');
const WORKING = Buffer.from('+WPI');

/** Tells the server what became of its messages, and hears whether it knows. */
export class Acknowledger {
  private readonly waiting = new Map<number, Waiting>();
  private readonly inbox: ReplyInbox;
  private lastToken = 0;

  constructor(
    private readonly connection: StoreConnection,
    private readonly clock: Clock,
  ) {
    this.inbox = new ReplyInbox(
      connection,
      (token, message) => this.settle(token, isNoResponders(message) ? 'nobody' : 'confirmed'),
      // Who waits asks again by itself.
      () => this.waiting.clear(),
    );
  }

  /** Settles the message with this acknowledgement subject; `onOutcome` is called once, or never where the answer is lost. */
  acknowledge(subject: string, onOutcome: (outcome: AcknowledgementOutcome) => void): void {
    this.tell(subject, ACK, onOutcome);
  }

  /** Gives the message back: it is handed out again at once. */
  giveBack(subject: string, onOutcome: (outcome: AcknowledgementOutcome) => void): void {
    this.tell(subject, NAK, onOutcome);
  }

  /** Starts the message's time anew. */
  keepAlive(subject: string): void {
    if (this.connection.isConnected) this.connection.client.publish(subject, WORKING);
  }

  close(): void {
    this.waiting.clear();
    this.inbox.close();
  }

  private tell(subject: string, what: Buffer, onOutcome: (outcome: AcknowledgementOutcome) => void): void {
    if (!this.connection.isConnected) return;
    const token = ++this.lastToken;
    const sinceMs = this.clock.now();
    this.forgetOverdue(sinceMs - ANSWER_LIMIT_MS);
    this.waiting.set(token, { sinceMs, onOutcome });
    const reply = this.inbox.subject(token);
    this.connection.sendSoon(() => {
      // Who waits for an answer that never comes asks again.
      if (this.connection.isConnected) this.connection.client.publish(subject, what, { reply });
    });
  }

  private settle(token: number, outcome: AcknowledgementOutcome): void {
    const waiting = this.waiting.get(token);
    this.waiting.delete(token);
    waiting?.onOutcome(outcome);
  }

  /** They lie in the order in which they began. */
  private forgetOverdue(beforeMs: number): void {
    for (const [token, { sinceMs }] of this.waiting) {
      if (sinceMs > beforeMs) return;
      this.waiting.delete(token);
    }
  }
}
