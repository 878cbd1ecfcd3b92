import type { Clock, PublishResult, Timer } from '@millrace/eventing-api';
import { Nuid, type Msg, type MsgHdrs } from 'nats';
import { outOfTime, refusalOf, refusalOfClient, refuse, tooMuchUnderWay } from '../nats-refusals.js';
import { isNoResponders, ReplyInbox } from '../reply-inbox.js';
import type { StoreConnection } from '../store-connection.js';
import type { ApiError } from '../store-error.js';
import type { Deadline } from '../time-limits.js';

/** A message on its way to a stream. */
export interface OutgoingMessage {
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly body: Buffer;
  /** Of body and headers. */
  readonly bytes: number;
}

/** What became of a publish; `nobody` = no stream takes this subject, as far as the server knows now. */
export type SendOutcome = PublishResult | { readonly outcome: 'nobody' };

interface Pending {
  readonly message: OutgoingMessage;
  readonly giveUpAtMs: number;
  /** undefined = not yet. */
  sentAtMs: number | undefined;
  readonly settle: (outcome: SendOutcome) => void;
}

/** A message that nobody waits for any more, but that the server may not have read: it lies in our memory until then. */
interface Abandoned {
  readonly sentAtMs: number;
  readonly bytes: number;
}

/** Without an answer for so long, the message is sent again: the server knows it by its id. */
const SEND_AGAIN_MS = 2_500;
const SWEEP_MS = 250;
/** What may be under way in one store, on its way to the server included: one that hangs must not fill our memory. */
const MAX_UNDER_WAY_BYTES = 64 * 1024 * 1024;
/** What a message takes in memory beside its own bytes, about. */
const MESSAGE_BYTES = 1024;

/** Stores messages, many at one time on one connection, each answered after the acknowledgement of JetStream. */
export class NatsPublisher {
  private readonly pending = new Map<number, Pending>();
  private readonly inbox: ReplyInbox;
  private readonly ids = new Nuid();
  private readonly stopListening: () => void;
  private abandoned: Abandoned[] = [];
  private lastToken = 0;
  /** Of what is pending and what is abandoned. */
  private bytesUnderWay = 0;
  private sweeping: Timer | undefined;

  constructor(
    private readonly connection: StoreConnection,
    private readonly clock: Clock,
  ) {
    this.inbox = new ReplyInbox(
      connection,
      (token, message) => this.onReply(token, message),
      () => this.onConnect(),
    );
    this.stopListening = connection.listen({ onForbidden: (subject, text) => this.onForbidden(subject, text) });
  }

  /** An id by which the server tells a message that is sent again. */
  newMessageId(): string {
    return this.ids.next();
  }

  /** Never rejects. Late by a turn of the sweep at most. */
  send(message: OutgoingMessage, deadline: Deadline): Promise<SendOutcome> {
    const away = this.connection.whyAway;
    if (away !== undefined) return Promise.resolve(refuse('unavailable', away));
    if (deadline.signal?.aborted) return Promise.resolve(outOfTime());
    if (this.bytesUnderWay > MAX_UNDER_WAY_BYTES) return Promise.resolve(tooMuchUnderWay(this.bytesUnderWay));
    return new Promise((resolve) => this.start(message, deadline, resolve));
  }

  /** Refuses what is still under way. */
  close(): void {
    this.stopListening();
    this.inbox.close();
    this.sweeping?.cancel();
    for (const token of [...this.pending.keys()]) this.settle(token, refuse('unavailable', 'The store is closed'));
  }

  private start(
    message: OutgoingMessage,
    { atMs: giveUpAtMs, signal }: Deadline,
    resolve: (outcome: SendOutcome) => void,
  ): void {
    const token = ++this.lastToken;
    const onAbort = () => this.giveUp(token);
    const settle = (outcome: SendOutcome) => {
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    this.pending.set(token, { message, giveUpAtMs, sentAtMs: undefined, settle });
    this.bytesUnderWay += sizeOf(message);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.connection.sendSoon(() => this.post(token));
    this.sweeping ??= this.clock.schedule(SWEEP_MS, () => this.sweep());
  }

  private post(token: number): void {
    const entry = this.pending.get(token);
    if (!entry) return;
    const { subject, headers, body } = entry.message;
    try {
      this.connection.client.publish(subject, body, { headers, reply: this.inbox.subject(token) });
      entry.sentAtMs = this.clock.now();
    } catch (error) {
      this.settle(token, refusalOfClient(error));
    }
  }

  private onReply(token: number, message: Msg): void {
    if (!this.pending.has(token)) return;
    if (isNoResponders(message)) {
      this.settle(token, { outcome: 'nobody' });
      return;
    }
    const { error } = message.json<{ error?: ApiError }>();
    this.settle(token, error ? refusalOf(error) : { outcome: 'stored' });
  }

  private onForbidden(subject: string, text: string): void {
    for (const [token, { message }] of [...this.pending]) {
      if (message.subject === subject) this.settle(token, refuse('forbidden', text));
    }
  }

  private settle(token: number, outcome: SendOutcome): void {
    const entry = this.pending.get(token);
    if (!entry) return;
    this.pending.delete(token);
    this.bytesUnderWay -= sizeOf(entry.message);
    entry.settle(outcome);
  }

  private giveUp(token: number): void {
    const entry = this.pending.get(token);
    if (!entry) return;
    this.settle(token, outOfTime());
    const { message, sentAtMs } = entry;
    if (sentAtMs === undefined || this.connection.hasRead(sentAtMs)) return;
    const bytes = sizeOf(message);
    this.abandoned.push({ sentAtMs, bytes });
    this.bytesUnderWay += bytes;
  }

  /** Gives up what is overdue, and sends again what the server has read and not answered: what it has not read is still on its way. */
  private sweep(): void {
    const now = this.clock.now();
    for (const [token, { giveUpAtMs, sentAtMs }] of [...this.pending]) {
      if (now >= giveUpAtMs) this.giveUp(token);
      else if (sentAtMs !== undefined && now - sentAtMs >= SEND_AGAIN_MS && this.connection.hasRead(sentAtMs)) {
        this.sendAgain(token);
      }
    }
    this.forgetAbandoned(({ sentAtMs }) => this.connection.hasRead(sentAtMs));
    const isAnything = this.pending.size > 0 || this.abandoned.length > 0;
    this.sweeping = isAnything ? this.clock.schedule(SWEEP_MS, () => this.sweep()) : undefined;
  }

  /** What lay in the former connection went with it. */
  private onConnect(): void {
    this.forgetAbandoned(() => true);
    for (const [token, { sentAtMs }] of [...this.pending]) if (sentAtMs !== undefined) this.sendAgain(token);
  }

  private forgetAbandoned(isGone: (message: Abandoned) => boolean): void {
    if (this.abandoned.length === 0) return;
    this.abandoned = this.abandoned.filter((message) => {
      if (!isGone(message)) return true;
      this.bytesUnderWay -= message.bytes;
      return false;
    });
  }

  private sendAgain(token: number): void {
    // What is sent while there is no connection would wait in the client, without bound.
    if (this.connection.isConnected) this.post(token);
  }
}

function sizeOf({ bytes }: OutgoingMessage): number {
  return bytes + MESSAGE_BYTES;
}
