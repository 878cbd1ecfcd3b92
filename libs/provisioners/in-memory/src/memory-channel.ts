import type { Clock, DriverChannel, DriverSubscription, PublishResult, StoredEvent } from '@millrace/eventing-api';
import { ByteBudget } from './byte-budget.js';
import { DeliveryWait } from './delivery-wait.js';
import { heldBytes, type HeldEvent } from './held-event.js';
import type { InMemoryOptions } from './in-memory-options.js';
import { SubscriptionQueue, type DropReason } from './subscription-queue.js';

const STORED: Promise<PublishResult> = Promise.resolve({ outcome: 'stored' });
/** Share of a full queue that should have left before a producer comes again. */
const ROOM_TO_WAIT_FOR = 0.1;

/** The queues of one Channel, and the one gate before them. */
export class MemoryChannel {
  /** Events that may wait in one queue. */
  readonly maxEvents: number;
  private readonly queues = new Map<string, SubscriptionQueue>();
  private readonly bytes: ByteBudget;

  constructor(
    readonly channel: DriverChannel,
    private readonly options: InMemoryOptions,
    private readonly processBudget: ByteBudget,
    private readonly clock: Clock,
  ) {
    this.maxEvents = this.keepsLetters ? options.maxDeadLetters : options.maxQueuedEvents;
    this.bytes = new ByteBudget(options.maxQueuedBytes);
  }

  queue(subscription: DriverSubscription): SubscriptionQueue | undefined {
    return this.queues.get(subscription.name);
  }

  allQueues(): Iterable<SubscriptionQueue> {
    return this.queues.values();
  }

  /** Makes the queue, or takes up the one that a Subscription of this name has left. */
  ensureSubscription(subscription: DriverSubscription): void {
    const queue = this.queues.get(subscription.name);
    if (queue) {
      queue.subscription = subscription;
      this.setDetached(queue, false);
    } else {
      this.queues.set(subscription.name, new SubscriptionQueue(subscription, this.onSettled, this.clock));
    }
  }

  detachSubscription({ name }: DriverSubscription): void {
    const queue = this.queues.get(name);
    if (queue) this.setDetached(queue, true);
  }

  /** Returns the queue that is gone now, if there was one. */
  deleteSubscription({ name }: DriverSubscription): SubscriptionQueue | undefined {
    const queue = this.queues.get(name);
    if (!queue) return undefined;
    this.setDetached(queue, false);
    queue.remove('subscription-deleted');
    this.queues.delete(name);
    return queue;
  }

  /** Takes the event for every Subscription or for none. */
  publish(event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    const bytes = heldBytes(event);
    const refusal = this.refusalOf(bytes) ?? this.refusalOfWait();
    if (refusal) return Promise.resolve(refusal);
    if (this.queues.size === 0) return STORED;
    const wait = this.waitsForDelivery ? new DeliveryWait(this.queues.keys(), signal) : undefined;
    this.enqueue({ event, bytes, acceptedAtMs: this.clock.now(), unsettled: this.queues.size, waiter: wait });
    return wait ? wait.result : STORED;
  }

  /** Drops what waits and ends every consumption. Returns how many (event, Subscription) pairs were lost. */
  remove(reason: DropReason): number {
    let dropped = 0;
    for (const queue of this.queues.values()) {
      this.setDetached(queue, false);
      dropped += queue.remove(reason);
    }
    this.queues.clear();
    return dropped;
  }

  /** Drops what waits. Returns how many (event, Subscription) pairs were lost. */
  dropWaiting(reason: DropReason): number {
    let dropped = 0;
    for (const queue of this.queues.values()) dropped += queue.dropWaiting(reason);
    return dropped;
  }

  private enqueue(held: HeldEvent): void {
    this.bytes.take(held.bytes);
    this.processBudget.take(held.bytes);
    for (const queue of this.queues.values()) {
      queue.add(held);
      if (queue.detached && queue.pending > this.maxEvents) queue.giveUpOldest();
    }
    for (const queue of this.queues.values()) queue.wakeReader();
  }

  private refusalOf(bytes: number): PublishResult | undefined {
    if (bytes > this.bytes.limitBytes) {
      const message = `The event takes ${bytes} bytes, the Channel holds at most ${this.bytes.limitBytes} (maxQueuedBytes)`;
      return { outcome: 'refused', code: 'too-large', message };
    }
    for (const queue of this.queues.values()) {
      if (queue.pending < this.maxEvents || queue.detached) continue;
      return this.full(
        this.keepsLetters
          ? `${queue.pending} dead letters wait (maxDeadLetters)`
          : `${queue.pending} events wait for Subscription ${queue.subscription.name} (maxQueuedEvents)`,
      );
    }
    if (this.queues.size === 0) return undefined;
    const what = this.keepsLetters ? 'dead letters' : 'waiting events';
    if (!this.bytes.makeRoomFor(bytes)) {
      return this.full(`The ${what} take ${this.bytes.usedBytes} bytes (maxQueuedBytes)`);
    }
    if (!this.processBudget.makeRoomFor(bytes)) {
      return this.full(`The ${what} of all Channels take ${this.processBudget.usedBytes} bytes of this process`);
    }
    return undefined;
  }

  /** Who waits for every Subscription would wait for a paused one until the time is up, while the others have the event already. */
  private refusalOfWait(): PublishResult | undefined {
    if (!this.waitsForDelivery) return undefined;
    for (const { paused, subscription } of this.queues.values()) {
      if (!paused) continue;
      const message = `Subscription ${subscription.name} is paused, and this Channel answers only when every Subscription has the event`;
      return { outcome: 'refused', code: 'unavailable', message };
    }
    return undefined;
  }

  private full(message: string): PublishResult {
    let retryAfterMs = 0;
    for (const queue of this.queues.values()) {
      if (queue.pending === 0 || queue.detached) continue;
      retryAfterMs = Math.max(retryAfterMs, queue.retryAfterMs(Math.ceil(queue.pending * ROOM_TO_WAIT_FOR)));
    }
    // Only other Channels hold memory: there is no rate to read, so the shortest wait.
    return { outcome: 'refused', code: 'full', message, retryAfterMs: Math.max(1000, retryAfterMs) };
  }

  private setDetached(queue: SubscriptionQueue, detached: boolean): void {
    queue.detached = detached;
    this.bytes.setYielding(queue, detached);
    this.processBudget.setYielding(queue, detached);
  }

  private get waitsForDelivery(): boolean {
    return this.options.acknowledge === 'delivered' && !this.keepsLetters;
  }

  private get keepsLetters(): boolean {
    return this.channel.purpose === 'dead-letters';
  }

  private readonly onSettled = (held: HeldEvent): void => {
    held.unsettled--;
    if (held.unsettled > 0) return;
    this.bytes.giveBack(held.bytes);
    this.processBudget.giveBack(held.bytes);
  };
}
