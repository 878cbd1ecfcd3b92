import type { Clock } from '@millrace/eventing-api';
import { createInbox, nanos, type Msg, type Subscription } from 'nats';
import type { StoreConnection } from '../store-connection.js';

/** What comes of requests for messages. */
export interface PullListener {
  onMessage(message: Msg): void;
  /** The server said no: the consumer may be gone, or its leader has moved. Nothing is under way any more. */
  onRefused(code: number, description: string): void;
}

/** A request that is not filled ends after so long; then another one is sent. */
const EXPIRES_MS = 15_000;
/** Longer than the server may be late in saying that a request has ended. */
const LATE_MS = 2_000;
const PENDING_MESSAGES = 'Nats-Pending-Messages';
const HEARTBEAT = 100;
const REQUEST_TIMEOUT = 408;

/**
 * Asks a pull consumer for exactly as many messages as there is room for. The client's `consume` refills by itself and `fetch` starts anew each time: neither can be
 * told how much room there is, and both keep what they have fetched to themselves, where nobody keeps it alive.
 */
export class PullRequests {
  private inbox = '';
  private subscription: Subscription | undefined;
  private outstanding = 0;
  private expiresAtMs = 0;

  constructor(
    private readonly connection: StoreConnection,
    private readonly clock: Clock,
    private readonly consumer: { readonly stream: string; readonly durable: string },
    private readonly listener: PullListener,
  ) {}

  /** Messages that were asked for and have not come. */
  get asked(): number {
    if (this.outstanding > 0 && this.clock.now() > this.expiresAtMs + LATE_MS) this.outstanding = 0;
    return this.outstanding;
  }

  /** Begins anew: what was asked for before is void. */
  open(): void {
    this.close();
    this.inbox = createInbox();
    this.subscription = this.connection.client.subscribe(this.inbox, {
      callback: (error, message) => {
        if (!error) this.onAnswer(message);
      },
    });
  }

  request(count: number): void {
    if (!this.subscription || !this.connection.isConnected) return;
    const { stream, durable } = this.consumer;
    const request = JSON.stringify({ batch: count, expires: nanos(EXPIRES_MS) });
    this.connection.client.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, request, { reply: this.inbox });
    this.outstanding += count;
    this.expiresAtMs = this.clock.now() + EXPIRES_MS;
  }

  /** Ends what was asked for, and resolves when everything has come that the server had sent by then: it would wait for that to be acknowledged. */
  async drain(): Promise<void> {
    const { subscription } = this;
    this.subscription = undefined;
    this.outstanding = 0;
    // Rejects where the connection breaks.
    await subscription?.drain().catch(() => {});
  }

  close(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
    this.outstanding = 0;
  }

  private onAnswer(message: Msg): void {
    if (message.subject !== this.inbox) {
      this.outstanding = Math.max(0, this.outstanding - 1);
      this.listener.onMessage(message);
      return;
    }
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === HEARTBEAT) return;
    const unfilled = Number(message.headers?.get(PENDING_MESSAGES) || this.outstanding);
    this.outstanding = Math.max(0, this.outstanding - unfilled);
    if (code === REQUEST_TIMEOUT) return;
    this.outstanding = 0;
    this.listener.onRefused(code, description);
  }
}
