import { setMaxListeners } from 'node:events';
import { within, type Claim, type Clock, type Settlement, type Timer } from '@millrace/eventing-api';
import type { Msg } from 'nats';
import type { Acknowledger, AcknowledgementOutcome } from '../acknowledger.js';
import { fromMessage } from '../message-mapping.js';
import type { StoreConnection } from '../store-connection.js';
import type { DurableState } from '../subscription-durables.js';
import { insertInOrder, readReplySubject, type HeldMessage } from './held-message.js';
import { countMissingMessages } from './missing-messages.js';
import { PullRequests } from './pull-requests.js';

/** What a reader works with. */
export interface ReaderServices {
  readonly connection: StoreConnection;
  readonly clock: Clock;
  readonly acknowledger: Acknowledger;
  readonly ackWaitMs: number;
  /** How far the durable has come by the server's count; undefined = it is gone. Rejects where it cannot be told. */
  readonly durableState: () => Promise<DurableState | undefined>;
}

/** Who hands out what a reader has. */
export interface ReaderListener {
  /** There may be something to hand out. */
  onReady(): void;
  /** The server knows of one settlement more. */
  onSettled(): void;
  /** The durable is gone. */
  onGone(): void;
  /** A message that is no CloudEvent; it is settled. */
  onFault(subject: string, sequence: number, message: string): void;
}

/** How many messages to have ready. */
const MAX_READY = 64;
/** An acknowledgement without an answer is sent again after so long. */
const ACKNOWLEDGE_AGAIN_MS = 2_000;
/** What the server may be late in finding out that nobody has kept a message alive. */
const LATE_MS = 250;
const GIVE_BACK_MS = 400;
/** A message is kept alive so often in the time that the server leaves it with us. */
const TOUCHES_IN_ACK_WAIT = 3;

/**
 * Reads one partition of a Subscription, as its only owner, and holds its messages until the server knows them to be settled.
 *
 * Messages are handed out in the order of the stream. Where messages are in delivery that we do not have (their owner died, a connection broke while they
 * were on their way, or the server still answers what a former owner had asked for), everything waits until those have come back, too: else later ones of their
 * keys would overtake them. The server numbers what it hands to anybody: a number that is left out tells that somebody else was given a message.
 */
export class PartitionReader {
  /** No longer asks for messages, nor hands any out: the partition is to be given back. */
  isLeaving = false;
  private readonly ownership = new AbortController();
  private readonly held = new Map<number, HeldMessage>();
  private readonly waiting: HeldMessage[] = [];
  private readonly pulls: PullRequests;
  private room = 1;
  /** Released messages take room too: a handler that releases everything must not read the whole stream into memory. */
  private setAside = 0;
  /** Nothing is missing: what waits can be handed out. */
  private isComplete = false;
  private isCounting = false;
  private isCheckingExistence = false;
  /** Number of the last message that the durable is known to have handed to anybody. */
  private lastDelivery = 0;
  /** Before that, the server may not know that messages have to be handed out again. */
  private comesBackAtMs = 0;
  private comingBack: Timer | undefined;
  private closed = false;

  constructor(
    consumer: { readonly stream: string; readonly durable: string },
    private readonly services: ReaderServices,
    private readonly listener: ReaderListener,
  ) {
    setMaxListeners(0, this.ownership.signal);
    this.pulls = new PullRequests(services.connection, services.clock, consumer, {
      onMessage: (message) => this.onMessage(message),
      onRefused: (code) => this.onRefused(code),
    });
  }

  /** Events with the handler, and settled ones that the server does not know of yet. */
  get unsettled(): number {
    let count = 0;
    for (const { state } of this.held.values()) if (state === 'handed-out' || state === 'acknowledging') count++;
    return count;
  }

  /** Begins, or begins anew after a broken connection. `mayMiss` = messages may be in delivery that nobody keeps alive. */
  open(mayMiss: boolean): void {
    if (this.closed) return;
    this.pulls.open();
    // The answers went with the former connection.
    for (const message of this.held.values()) if (message.state === 'acknowledging') this.acknowledge(message);
    this.waitForMissing(mayMiss);
  }

  /** How many messages it may have ready. */
  setRoom(messages: number): void {
    this.room = Math.max(1, Math.min(MAX_READY, messages));
    this.refill();
  }

  /** The next message to hand out. */
  take(): HeldMessage | undefined {
    if (!this.isComplete || this.isLeaving) return undefined;
    const message = this.waiting.shift();
    if (!message) return undefined;
    message.state = 'handed-out';
    this.refill();
    return message;
  }

  claimOf({ deliveryCount }: HeldMessage): Claim {
    return { signal: this.ownership.signal, deliveryCount };
  }

  /** What the handler made of a message. Ignored where it is not ours any more. */
  settle(message: HeldMessage, settlement: Settlement): void {
    if (this.closed || message.state !== 'handed-out') return;
    if (settlement !== 'release') {
      this.acknowledge(message);
      return;
    }
    message.state = 'set-aside';
    this.setAside++;
  }

  /** What was set aside is to be handed out again. */
  returnSetAside(): void {
    this.setAside = 0;
    for (const message of this.held.values()) {
      if (message.state !== 'set-aside') continue;
      message.state = 'waiting';
      insertInOrder(this.waiting, message);
    }
  }

  /** Now and then: keeps messages alive, asks again for what got no answer. */
  tend(): void {
    const { acknowledger, clock, ackWaitMs } = this.services;
    const now = clock.now();
    for (const message of this.held.values()) {
      const silentMs = now - message.touchedAtMs;
      if (message.state === 'acknowledging') {
        if (silentMs >= ACKNOWLEDGE_AGAIN_MS) this.acknowledge(message);
      } else if (silentMs >= ackWaitMs / TOUCHES_IN_ACK_WAIT) {
        message.touchedAtMs = now;
        acknowledger.keepAlive(message.replySubject);
      }
    }
    if (this.isComplete) this.refill();
    else void this.countMissing();
  }

  /** The claims end; what the handler settles from now on is ignored. */
  abort(reason: string): void {
    this.ownership.abort(new Error(reason));
  }

  /** Takes leave of everything without a word. */
  close(): void {
    this.closed = true;
    this.comingBack?.cancel();
    this.pulls.close();
    this.held.clear();
    this.waiting.length = 0;
  }

  /** Gives every message back, in the order of the stream, and closes. Resolves within a second to whether the server knows all of that. */
  async giveBack(): Promise<boolean> {
    const { connection, clock } = this.services;
    this.isLeaving = true;
    if (connection.isConnected) await within(clock, GIVE_BACK_MS, this.pulls.drain()).catch(() => {});
    const wasComplete = this.isComplete;
    const messages = [...this.held.values()].sort((a, b) => a.sequence - b.sequence);
    this.close();
    if (!connection.isConnected) return false;
    return within(clock, GIVE_BACK_MS, this.giveBackAll(messages)).then(
      () => wasComplete,
      () => false,
    );
  }

  private giveBackAll(messages: readonly HeldMessage[]): Promise<void> {
    let unknown = messages.length;
    if (unknown === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const onOutcome = () => {
        if (--unknown === 0) resolve();
      };
      for (const { replySubject } of messages) this.services.acknowledger.giveBack(replySubject, onOutcome);
    });
  }

  private onMessage(message: Msg): void {
    if (this.closed) return;
    const replySubject = message.reply ?? '';
    const { sequence, deliveryCount, delivery } = readReplySubject(replySubject);
    const isNext = delivery === this.lastDelivery + 1;
    this.lastDelivery = Math.max(this.lastDelivery, delivery);
    const touchedAtMs = this.services.clock.now();
    const known = this.held.get(sequence);
    if (known) {
      // Handed out again by the server, since a sign of life came too late: it is with us still.
      Object.assign(known, { replySubject, touchedAtMs });
      if (known.state === 'acknowledging') this.acknowledge(known);
    } else {
      const reading = fromMessage(message.headers, message.data);
      const event = reading.outcome === 'event' ? reading.event : undefined;
      const held: HeldMessage = { sequence, event, replySubject, deliveryCount, touchedAtMs, state: 'waiting' };
      this.held.set(sequence, held);
      // What was asked for did not come: the server does not have it back yet, and whoever has it keeps silent.
      if (!this.isComplete && deliveryCount === 1 && this.comesBackAtMs <= touchedAtMs) {
        this.comesBackAtMs = touchedAtMs + this.services.ackWaitMs * 1.1 + LATE_MS;
      }
      if (reading.outcome === 'event') insertInOrder(this.waiting, held);
      else {
        this.acknowledge(held);
        this.listener.onFault(message.subject, sequence, reading.fault.message);
      }
    }
    if (!this.isComplete) void this.countMissing();
    else if (!isNext) this.waitForMissing(true);
    else this.listener.onReady();
    this.refill();
  }

  /** Hands nothing out until nothing is missing. `mayTakeLong` = whoever has what is missing may keep silent about it. */
  private waitForMissing(mayTakeLong: boolean): void {
    const { clock, ackWaitMs } = this.services;
    this.isComplete = false;
    this.comesBackAtMs = mayTakeLong ? clock.now() + ackWaitMs * 1.1 + LATE_MS : 0;
    void this.countMissing();
  }

  private onRefused(code: number): void {
    // 409 also says that the leader has moved, 503 that JetStream is not back yet: only the server knows whether the durable is gone. `tend` asks for messages again.
    if (code === 409 || code === 503) void this.checkExistence();
  }

  private acknowledge(message: HeldMessage): void {
    message.state = 'acknowledging';
    message.touchedAtMs = this.services.clock.now();
    this.services.acknowledger.acknowledge(message.replySubject, (outcome) => this.onAcknowledged(message, outcome));
  }

  private onAcknowledged({ sequence }: HeldMessage, outcome: AcknowledgementOutcome): void {
    if (this.closed) return;
    if (outcome === 'nobody') {
      void this.checkExistence();
      return;
    }
    if (this.held.delete(sequence)) this.listener.onSettled();
    if (!this.isComplete) void this.countMissing();
  }

  private async checkExistence(): Promise<void> {
    // Everything in hand may be refused at once, and again.
    if (this.isCheckingExistence) return;
    this.isCheckingExistence = true;
    const state = await this.services.durableState().catch(() => null);
    this.isCheckingExistence = false;
    if (state === undefined && !this.closed) this.listener.onGone();
  }

  /** Keeps as many messages ready as there is room for. */
  private refill(): void {
    if (!this.isComplete || this.isLeaving || this.closed) return;
    const ready = this.waiting.length + this.setAside + this.pulls.asked;
    if (ready * 2 <= this.room) this.pulls.request(this.room - ready);
  }

  /** Looks whether messages are in delivery that are not here, and asks for them when the server has them back. */
  private async countMissing(): Promise<void> {
    if (this.isCounting || this.isComplete || this.isLeaving || this.closed) return;
    this.isCounting = true;
    try {
      const state = await this.services.durableState();
      if (this.closed || this.isLeaving) return;
      if (!state) this.listener.onGone();
      else if (state.lastDelivery >= this.lastDelivery) this.onCounted(state);
      // Older than what has come since, or of a new leader that knows less: the next count is later than both.
      else this.countAgain(state);
    } catch {
      // The store is away: `tend` comes again.
    } finally {
      this.isCounting = false;
    }
  }

  private countAgain({ lastDelivery }: DurableState): void {
    this.lastDelivery = lastDelivery;
    setImmediate(() => void this.countMissing());
  }

  private onCounted(state: DurableState): void {
    const { clock } = this.services;
    const { atLeast, atMost } = countMissingMessages(this.held.values(), state);
    const waitMs = this.comesBackAtMs - clock.now();
    if (atMost <= 0) {
      this.isComplete = true;
      this.lastDelivery = state.lastDelivery;
      this.refill();
      this.listener.onReady();
    } else if (waitMs > 0) {
      this.comingBack?.cancel();
      this.comingBack = clock.schedule(waitMs, () => void this.countMissing());
    } else if (this.pulls.asked < atLeast) {
      this.pulls.request(atLeast - this.pulls.asked);
    }
    // Between the two, the answers to acknowledgements tell: each of them counts again.
  }
}
