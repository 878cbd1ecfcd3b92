import type { Message } from '@google-cloud/pubsub';
import type { StoredEvent } from '@millrace/eventing-api';

/** An event that the service has leased to us. */
export class HeldMessage {
  readonly ownership = new AbortController();
  /** More than one where the service handed it out again before we were done: then nobody knows which of them counts. */
  private readonly leases: Message[];

  constructor(
    message: Message,
    readonly event: StoredEvent,
    /** Place in the order in which it came. */
    readonly order: number,
  ) {
    this.leases = [message];
  }

  get id(): string {
    return this.leases[0]?.id ?? '';
  }

  /** Within it events keep their order; undefined where there is none to keep. */
  get orderingKey(): string | undefined {
    return this.leases[0]?.orderingKey || undefined;
  }

  /** How often it was handed out; undefined where the service does not count (it does for subscriptions with a dead letter policy of its own). */
  get deliveryCount(): number | undefined {
    return this.leases.at(-1)?.deliveryAttempt || undefined;
  }

  lease(message: Message): void {
    this.leases.push(message);
  }

  /** Of the newest lease. */
  get ackId(): string | undefined {
    return this.leases.at(-1)?.ackId;
  }

  acknowledge(): void {
    for (const message of this.leases) message.ack();
  }

  giveBack(): void {
    for (const message of this.leases) message.nack();
  }
}

/** The events of one consumption: waiting for a free hand, with the handler, or released by it. */
export class HeldMessages {
  private readonly byId = new Map<string, HeldMessage>();
  private waiting = new Set<HeldMessage>();
  private readonly handedOut = new Set<HeldMessage>();
  private released: HeldMessage[] = [];
  private next = 0;

  get inFlight(): number {
    return this.handedOut.size;
  }

  /** Another lease of an event that is here already: true, and there is nothing to hand out. */
  leaseAgain(message: Message): boolean {
    const held = this.byId.get(message.id);
    held?.lease(message);
    return held !== undefined;
  }

  add(message: Message, event: StoredEvent): void {
    const held = new HeldMessage(message, event, this.next++);
    this.byId.set(message.id, held);
    this.waiting.add(held);
  }

  /** The next one to hand out. */
  take(): HeldMessage | undefined {
    const held = this.waiting.values().next().value;
    if (!held) return undefined;
    this.waiting.delete(held);
    this.handedOut.add(held);
    return held;
  }

  /** Takes it out of the handler's hands; false where it is not there any more. */
  settle(held: HeldMessage, isReleased: boolean): boolean {
    if (!this.handedOut.delete(held)) return false;
    if (isReleased) this.released.push(held);
    else this.forget(held);
    return true;
  }

  /** Released ones wait again, in their old places, so that events of one key do not overtake each other. */
  requeueReleased(): void {
    if (this.released.length === 0) return;
    this.waiting = new Set(inOrder([...this.waiting, ...this.released]));
    this.released = [];
  }

  /** Takes out what is leased under one of these, and with it all of its keys: the service hands those out again from there on. In the order in which they came. */
  removeLeased(ackIds: readonly string[]): HeldMessage[] {
    const lost = new Set<string | undefined>(ackIds);
    const all = [...this.byId.values()];
    const lostKeys = new Set(all.flatMap(({ ackId, orderingKey }) => (lost.has(ackId) ? (orderingKey ?? []) : [])));
    return this.remove(
      all.filter(
        ({ ackId, orderingKey }) => lost.has(ackId) || (orderingKey !== undefined && lostKeys.has(orderingKey)),
      ),
    );
  }

  /** Takes out all, in the order in which they came. */
  removeAll(): HeldMessage[] {
    return this.remove([...this.byId.values()]);
  }

  private remove(all: HeldMessage[]): HeldMessage[] {
    for (const held of all) {
      this.forget(held);
      this.waiting.delete(held);
      this.handedOut.delete(held);
    }
    this.released = this.released.filter((held) => this.byId.has(held.id));
    return inOrder(all);
  }

  private forget(held: HeldMessage): void {
    this.byId.delete(held.id);
  }
}

function inOrder(all: HeldMessage[]): HeldMessage[] {
  return all.sort((a, b) => a.order - b.order);
}
