import type {
  Backlog,
  ChannelDriver,
  ChannelReport,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverContext,
  DriverSubscription,
  EventHandler,
  Durability,
  Health,
  PublishResult,
  StoredEvent,
  SubscriptionAccount,
} from '@millrace/eventing-api';
import type { ByteBudget } from './byte-budget.js';
import { InMemoryConsumption } from './in-memory-consumption.js';
import type { InMemoryOptions } from './in-memory-options.js';
import { LostAccounts } from './lost-accounts.js';
import { MemoryChannel } from './memory-channel.js';

const CLOSED = 'The store is closed';

/** What the Channels of all stores may take of this process, by what they keep. */
export type ProcessMemory = Readonly<Record<DriverChannel['purpose'], ByteBudget>>;

/** Keeps the events of its Channels in this process. What it holds when it closes is lost, counted and logged. */
export class InMemoryDriver implements ChannelDriver {
  private readonly channels = new Map<string, MemoryChannel>();
  private readonly lost: LostAccounts;
  private closed = false;

  constructor(
    private readonly options: InMemoryOptions,
    private readonly processMemory: ProcessMemory,
    private readonly context: DriverContext,
  ) {
    this.lost = new LostAccounts(context.clock);
  }

  ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    if (this.closed) return Promise.reject(closedStore());
    const key = keyOf(channel);
    let memory = this.channels.get(key);
    if (!memory) {
      memory = new MemoryChannel(channel, this.options, this.processMemory[channel.purpose], this.context.clock);
      this.channels.set(key, memory);
    }
    return Promise.resolve({ store: {}, drift: [], maxQueuedEvents: memory.maxEvents });
  }

  deleteChannel(channel: DriverChannel): Promise<void> {
    if (this.closed) return Promise.reject(closedStore());
    const memory = this.channels.get(keyOf(channel));
    const queues = [...(memory?.allQueues() ?? [])];
    const dropped = memory?.remove('channel-deleted') ?? 0;
    this.channels.delete(keyOf(channel));
    this.lost.add(queues);
    // Whoever deletes a dead-letter Channel tells of the letters that were in it.
    if (dropped > 0 && channel.purpose === 'events') {
      const { namespace, name } = channel;
      this.context.logger.warn('A deleted Channel took undelivered events with it', { namespace, name, dropped });
    }
    return Promise.resolve();
  }

  // Events kept from before do not exist here, so every start position is `now`.
  ensureSubscription(subscription: DriverSubscription): Promise<void> {
    if (this.closed) return Promise.reject(closedStore());
    const channel = this.channels.get(keyOf(subscription.channel));
    if (!channel) return Promise.reject(unknownChannel(subscription.channel));
    channel.ensureSubscription(subscription);
    return Promise.resolve();
  }

  detachSubscription(subscription: DriverSubscription): Promise<void> {
    if (this.closed) return Promise.reject(closedStore());
    // Where producers wait for every Subscription, no event outlives its POST: there is nothing to come back to.
    if (this.options.acknowledge === 'delivered') return this.deleteSubscription(subscription);
    this.channels.get(keyOf(subscription.channel))?.detachSubscription(subscription);
    return Promise.resolve();
  }

  deleteSubscription(subscription: DriverSubscription): Promise<void> {
    if (this.closed) return Promise.reject(closedStore());
    const removed = this.channels.get(keyOf(subscription.channel))?.deleteSubscription(subscription);
    if (removed) this.lost.add([removed]);
    return Promise.resolve();
  }

  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    if (this.closed) {
      return Promise.resolve({ outcome: 'refused', code: 'unavailable', message: CLOSED });
    }
    const memory = this.channels.get(keyOf(channel));
    if (memory) return memory.publish(event, signal);
    const message = `Channel ${channel.namespace}/${channel.name} is not in this store`;
    return Promise.resolve({ outcome: 'refused', code: 'not-found', message });
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    if (this.closed) throw closedStore();
    const queue = this.channels.get(keyOf(subscription.channel))?.queue(subscription);
    if (!queue) throw new Error(`Subscription ${subscription.name} was not ensured before it was consumed`);
    return new InMemoryConsumption(queue, handler, options, this.context.logger);
  }

  backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    if (this.closed) return Promise.reject(closedStore());
    const queue = this.channels.get(keyOf(subscription.channel))?.queue(subscription);
    return Promise.resolve(
      queue && { pending: queue.pending, inFlight: queue.inFlight, oldestMs: queue.oldestWaitingMs },
    );
  }

  *accounts(): Iterable<SubscriptionAccount> {
    for (const channel of this.channels.values()) yield* channel.allQueues();
    yield* this.lost.accounts();
  }

  durability(): Promise<Durability> {
    if (this.closed) return Promise.reject(closedStore());
    const message =
      'Events are kept in the memory of one process; what has not been delivered when it ends without a drain is gone.';
    return Promise.resolve({ level: 'Volatile', message });
  }

  health(): Promise<Health> {
    return Promise.resolve(this.closed ? { status: 'down', message: CLOSED } : { status: 'up' });
  }

  close(): Promise<void> {
    this.closed = true;
    for (const memory of this.channels.values()) {
      const abandoned = memory.dropWaiting('shut-down');
      if (abandoned === 0) continue;
      const { namespace, name, purpose } = memory.channel;
      this.context.logger.warn('Events in memory were abandoned', { namespace, name, purpose, abandoned });
    }
    return Promise.resolve();
  }
}

function keyOf(channel: DriverChannel): string {
  return `${channel.uid}/${channel.purpose}`;
}

function closedStore(): Error {
  return new Error(CLOSED);
}

function unknownChannel(channel: DriverChannel): Error {
  return new Error(`Channel ${channel.namespace}/${channel.name} was not ensured before its Subscription`);
}
