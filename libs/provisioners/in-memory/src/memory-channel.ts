import type { Clock, DriverChannel, DriverSubscription, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { ByteBudget } from './byte-budget.js';
import { DeliveryWait } from './delivery-wait.js';
import { heldBytes, type HeldEvent } from './held-event.js';
import type { InMemoryOptions } from './in-memory-options.js';
import { SubscriptionQueue, type DropReason } from './subscription-queue.js';

const STORED: Promise<PublishResult> = Promise.resolve({ outcome: 'stored' });
/** A dead-letter place has one queue, whatever its reader calls itself: letters wait before anybody reads them. */
const DEAD_LETTERS = 'dead-letters';
/** Share of a full queue that should have left before a producer comes again. */
const ROOM_TO_WAIT_FOR = 0.1;

/** The queues of one Channel, and the one gate before them. */
export class MemoryChannel {
  private readonly queues = new Map<string, SubscriptionQueue>();
  private readonly bytes: ByteBudget;

  constructor(
    readonly channel: DriverChannel,
    private readonly options: InMemoryOptions,
    private readonly processBudget: ByteBudget,
    budget: ByteBudget,
    private readonly clock: Clock,
  ) {
    this.bytes = budget;
    if (channel.purpose === 'dead-letters') this.addQueue({ channel, name: DEAD_LETTERS, uid: channel.uid });
  }

  queue(subscription: DriverSubscription): SubscriptionQueue | undefined {
    return this.queues.get(this.keyOf(subscription));
  }

  allQueues(): Iterable<SubscriptionQueue> {
    return this.queues.values();
  }

  ensureSubscription(subscription: DriverSubscription): void {
    if (!this.queues.has(this.keyOf(subscription))) this.addQueue(subscription);
  }

  /** Returns the queue that is gone now, if there was one. */
  deleteSubscription(subscription: DriverSubscription): SubscriptionQueue | undefined {
    if (this.channel.purpose === 'dead-letters') return undefined;
    const queue = this.queues.get(subscription.name);
    queue?.remove('subscription-deleted');
    this.queues.delete(subscription.name);
    return queue;
  }

  /** Takes the event for every Subscription or for none. */
  publish(event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    const bytes = heldBytes(event);
    const refusal = this.refusalOf(bytes);
    if (refusal) return Promise.resolve(refusal);
    if (this.queues.size === 0) return STORED;
    const wait =
      this.options.acknowledge === 'delivered' && this.channel.purpose === 'events'
        ? new DeliveryWait(this.queues.keys(), signal)
        : undefined;
    this.enqueue({ event, bytes, acceptedAtMs: this.clock.now(), unsettled: this.queues.size, waiter: wait });
    return wait ? wait.result : STORED;
  }

  /** Drops what waits and ends every consumption. Returns how many (event, Subscription) pairs were lost. */
  remove(reason: DropReason): number {
    let dropped = 0;
    for (const queue of this.queues.values()) dropped += queue.remove(reason);
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
    for (const queue of this.queues.values()) queue.add(held);
    for (const queue of this.queues.values()) queue.wakeReader();
  }

  private refusalOf(bytes: number): PublishResult | undefined {
    if (bytes > this.bytes.limitBytes) {
      const message = `The event takes ${bytes} bytes, the Channel holds at most ${this.bytes.limitBytes} (maxQueuedBytes)`;
      return { outcome: 'refused', code: 'too-large', message };
    }
    for (const queue of this.queues.values()) {
      if (queue.pending < this.options.maxQueuedEvents) continue;
      return this.full(`${queue.pending} events wait for Subscription ${queue.subscription.name} (maxQueuedEvents)`);
    }
    if (this.queues.size === 0) return undefined;
    if (!this.bytes.hasRoomFor(bytes)) {
      return this.full(`The waiting events take ${this.bytes.usedBytes} bytes (maxQueuedBytes)`);
    }
    if (!this.processBudget.hasRoomFor(bytes)) {
      return this.full(`The waiting events of all Channels take ${this.processBudget.usedBytes} bytes of this process`);
    }
    return undefined;
  }

  private full(message: string): PublishResult {
    let retryAfterMs = 0;
    for (const queue of this.queues.values()) {
      if (queue.pending === 0) continue;
      retryAfterMs = Math.max(retryAfterMs, queue.retryAfterMs(Math.ceil(queue.pending * ROOM_TO_WAIT_FOR)));
    }
    // Only other Channels hold memory: there is no rate to read, so the shortest wait.
    return { outcome: 'refused', code: 'full', message, retryAfterMs: Math.max(1000, retryAfterMs) };
  }

  private addQueue(subscription: DriverSubscription): void {
    this.queues.set(this.keyOf(subscription), new SubscriptionQueue(subscription, this.onSettled, this.clock));
  }

  private keyOf(subscription: DriverSubscription): string {
    return this.channel.purpose === 'dead-letters' ? DEAD_LETTERS : subscription.name;
  }

  private readonly onSettled = (held: HeldEvent): void => {
    held.unsettled--;
    if (held.unsettled > 0) return;
    this.bytes.giveBack(held.bytes);
    this.processBudget.giveBack(held.bytes);
  };
}
