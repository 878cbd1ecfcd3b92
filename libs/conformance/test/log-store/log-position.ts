import type { StoredEvent } from '@millrace/eventing-api';
import type { LogConsumption } from './log-consumption.js';
import type { LogChannel, LogStore } from './log-store.js';

/** An event that has not been settled for this Subscription. */
interface Unsettled {
  readonly index: number;
  readonly event: StoredEvent;
  deliveryCount: number;
  /** Who has it now. */
  holder?: LogConsumption | undefined;
  /** Who released it, and shall not be asked again at once. */
  releasedBy?: LogConsumption | undefined;
}

/** What one Subscription has not settled yet, and who consumes it. */
export class LogPosition {
  private readonly unsettled = new Map<number, Unsettled>();
  private readonly consumers = new Set<LogConsumption>();
  private dispatching = false;

  constructor(
    private readonly store: LogStore,
    private readonly log: LogChannel['log'],
    first: number,
  ) {
    for (let index = first; index < log.length; index++) this.add(index);
  }

  get pending(): number {
    return this.unsettled.size;
  }

  get inFlight(): number {
    return [...this.unsettled.values()].filter(({ holder }) => holder).length;
  }

  add(index: number): void {
    const event = this.log[index]!.event;
    this.unsettled.set(index, { index, event, deliveryCount: 0 });
    this.dispatchSoon();
  }

  /** The log has lost the events from this index on, up to that one. */
  lose(from: number, to: number): void {
    for (let index = from; index < to; index++) this.unsettled.delete(index);
  }

  join(consumer: LogConsumption): void {
    this.consumers.add(consumer);
    this.dispatchSoon();
  }

  /** The consumer ends; what it holds goes to the others. */
  leave(consumer: LogConsumption): void {
    this.consumers.delete(consumer);
    for (const entry of this.unsettled.values()) {
      if (entry.holder === consumer) entry.holder = undefined;
      if (entry.releasedBy === consumer) entry.releasedBy = undefined;
    }
    this.dispatchSoon();
  }

  settle(index: number, consumer: LogConsumption): void {
    if (this.unsettled.get(index)?.holder === consumer) this.unsettled.delete(index);
    this.dispatchSoon();
  }

  release(index: number, consumer: LogConsumption): void {
    const entry = this.unsettled.get(index);
    if (entry?.holder !== consumer) return;
    entry.holder = undefined;
    entry.releasedBy = consumer;
    this.dispatchSoon();
  }

  /** A consumer asks for what it released before. */
  forgive(consumer: LogConsumption): void {
    for (const entry of this.unsettled.values()) if (entry.releasedBy === consumer) entry.releasedBy = undefined;
    this.dispatchSoon();
  }

  takeBackAll(): void {
    for (const entry of this.unsettled.values()) entry.holder = undefined;
    for (const consumer of this.consumers) consumer.loseClaims();
  }

  end(): void {
    for (const consumer of this.consumers) consumer.takeAway();
    this.consumers.clear();
    this.unsettled.clear();
  }

  /** Hands out in a later turn, as a store does that is elsewhere. */
  dispatchSoon(): void {
    if (this.dispatching) return;
    this.dispatching = true;
    setImmediate(() => {
      this.dispatching = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    if (this.store.isAway) return;
    const owners = this.ownersOfKeys();
    const blocked = new Set<string>();
    for (const entry of [...this.unsettled.values()].sort((a, b) => a.index - b.index)) {
      const key = entry.event.partitionKey;
      if (entry.holder || (key !== undefined && blocked.has(key))) continue;
      const consumer = this.choose(entry, key === undefined ? undefined : owners.get(key));
      if (consumer) {
        entry.holder = consumer;
        // The next one is another's turn.
        this.consumers.delete(consumer);
        this.consumers.add(consumer);
        if (key !== undefined) owners.set(key, consumer);
        consumer.handOut(entry.index, entry.event, ++entry.deliveryCount);
      } else if (key !== undefined) blocked.add(key);
    }
  }

  private choose(entry: Unsettled, owner: LogConsumption | undefined): LogConsumption | undefined {
    return [...this.consumers].find(
      (consumer) => (!owner || owner === consumer) && entry.releasedBy !== consumer && consumer.room > 0,
    );
  }

  /** Events of one key go to one process at a time. */
  private ownersOfKeys(): Map<string, LogConsumption> {
    const owners = new Map<string, LogConsumption>();
    for (const { event, holder } of this.unsettled.values()) {
      if (event.partitionKey !== undefined && holder) owners.set(event.partitionKey, holder);
    }
    return owners;
  }
}
