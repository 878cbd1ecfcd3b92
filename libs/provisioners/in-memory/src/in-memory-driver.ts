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
  Health,
  PublishResult,
  StoredEvent,
  SubscriptionAccount,
} from '@millrace/eventing-api';
import { ByteBudget } from './byte-budget.js';
import { InMemoryConsumption } from './in-memory-consumption.js';
import type { InMemoryOptions } from './in-memory-options.js';
import { LostAccounts } from './lost-accounts.js';
import { MemoryChannel } from './memory-channel.js';

/** Keeps the events of its Channels in this process. What it holds when it closes is lost, counted and logged. */
export class InMemoryDriver implements ChannelDriver {
  private readonly channels = new Map<string, MemoryChannel>();
  private readonly lost: LostAccounts;
  private closed = false;

  constructor(
    private readonly options: InMemoryOptions,
    private readonly processBudget: ByteBudget,
    private readonly context: DriverContext,
  ) {
    this.lost = new LostAccounts(context.clock);
  }

  ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const key = keyOf(channel);
    if (!this.channels.has(key)) {
      const budget = new ByteBudget(this.options.maxQueuedBytes);
      this.channels.set(key, new MemoryChannel(channel, this.options, this.processBudget, budget, this.context.clock));
    }
    return Promise.resolve({ store: {}, drift: [] });
  }

  deleteChannel(channel: DriverChannel): Promise<void> {
    const memory = this.channels.get(keyOf(channel));
    const queues = [...(memory?.allQueues() ?? [])];
    const dropped = memory?.remove('channel-deleted') ?? 0;
    this.channels.delete(keyOf(channel));
    this.lost.add(queues);
    if (dropped > 0) {
      const { namespace, name } = channel;
      this.context.logger.warn('A deleted Channel took undelivered events with it', { namespace, name, dropped });
    }
    return Promise.resolve();
  }

  // Events kept from before do not exist here, so every start position is `now`.
  ensureSubscription(subscription: DriverSubscription): Promise<void> {
    const channel = this.channels.get(keyOf(subscription.channel));
    if (!channel) return Promise.reject(unknownChannel(subscription.channel));
    channel.ensureSubscription(subscription);
    return Promise.resolve();
  }

  deleteSubscription(subscription: DriverSubscription): Promise<void> {
    const removed = this.channels.get(keyOf(subscription.channel))?.deleteSubscription(subscription);
    if (removed) this.lost.add([removed]);
    return Promise.resolve();
  }

  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    if (this.closed) {
      return Promise.resolve({ outcome: 'refused', code: 'unavailable', message: 'The store is closed' });
    }
    const memory = this.channels.get(keyOf(channel));
    if (memory) return memory.publish(event, signal);
    const message = `Channel ${channel.namespace}/${channel.name} is not in this store`;
    return Promise.resolve({ outcome: 'refused', code: 'not-found', message });
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const queue = this.channels.get(keyOf(subscription.channel))?.queue(subscription);
    if (!queue) throw new Error(`Subscription ${subscription.name} was not ensured before it was consumed`);
    return new InMemoryConsumption(queue, handler, options, this.context.logger);
  }

  backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    const queue = this.channels.get(keyOf(subscription.channel))?.queue(subscription);
    return Promise.resolve(
      queue && { pending: queue.pending, inFlight: queue.inFlight, oldestMs: queue.oldestWaitingMs },
    );
  }

  *accounts(): Iterable<SubscriptionAccount> {
    for (const channel of this.channels.values()) yield* channel.allQueues();
    yield* this.lost.accounts();
  }

  health(): Promise<Health> {
    return Promise.resolve(this.closed ? { status: 'down', message: 'The store is closed' } : { status: 'up' });
  }

  close(): Promise<void> {
    this.closed = true;
    for (const memory of this.channels.values()) {
      const abandoned = memory.dropWaiting('shut-down');
      if (abandoned === 0) continue;
      const { namespace, name } = memory.channel;
      this.context.logger.warn('Events in memory were abandoned', { namespace, name, abandoned });
    }
    return Promise.resolve();
  }
}

function keyOf(channel: DriverChannel): string {
  return `${channel.uid}/${channel.purpose}`;
}

function unknownChannel(channel: DriverChannel): Error {
  return new Error(`Channel ${channel.namespace}/${channel.name} was not ensured before its Subscription`);
}
