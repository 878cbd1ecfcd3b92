import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Backlog,
  Capabilities,
  ChannelDriver,
  ChannelReport,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  Durability,
  Health,
  PublishResult,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import { LogConsumption } from './log-consumption.js';
import type { LogStore } from './log-store.js';

/** What a log can do. */
export const logCapabilities: Capabilities = {
  durable: true,
  ordering: ['none', 'key'],
  orderingScope: 'key',
  replay: ['earliest', 'time'],
  sharedConsumption: true,
  deadLetters: true,
  backlog: true,
  acknowledgesDelivery: false,
};

export const LOG_MAX_EVENT_BYTES = 64 * 1024;

/** One process on a log that it shares with others. */
export class LogDriver implements ChannelDriver {
  private readonly consumptions = new Set<LogConsumption>();
  private closed = false;

  constructor(readonly store: LogStore) {}

  async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    await this.reach();
    const { isNew } = this.store.ensureChannel(channel);
    const { uid, purpose } = channel;
    return { store: { log: `${purpose}.${uid}` }, drift: [], isNew, maxEventBytes: LOG_MAX_EVENT_BYTES };
  }

  async deleteChannel(channel: DriverChannel): Promise<void> {
    await this.reach();
    this.store.deleteChannel(channel);
  }

  async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    await this.reach();
    this.store.ensureSubscription(subscription, start);
  }

  async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    await this.reach();
    this.store.deleteSubscription(subscription);
  }

  async publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    await nextTurn();
    if (this.closed) return { outcome: 'refused', code: 'unavailable', message: 'The driver is closed' };
    if (signal?.aborted) return { outcome: 'refused', code: 'timeout', message: 'The time is up' };
    if (this.store.isAway) return { outcome: 'refused', code: 'unavailable', message: 'The log is away' };
    const found = this.store.channel(channel);
    if (!found) return { outcome: 'refused', code: 'not-found', message: `No log of Channel ${channel.name}` };
    if (bytesOf(event) > LOG_MAX_EVENT_BYTES) {
      return { outcome: 'refused', code: 'too-large', message: `The log takes ${LOG_MAX_EVENT_BYTES} bytes` };
    }
    this.store.append(found, event);
    return { outcome: 'stored' };
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    if (this.closed) throw new Error('The driver is closed');
    const position = this.store.position(subscription);
    if (!position) throw new Error(`Subscription ${subscription.name} is not in the log`);
    const consumption = new LogConsumption(position, handler, options);
    this.consumptions.add(consumption);
    return consumption;
  }

  async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    await this.reach();
    const position = this.store.position(subscription);
    return position && { pending: position.pending, inFlight: position.inFlight };
  }

  durability(): Promise<Durability> {
    if (this.closed) return Promise.reject(new Error('The driver is closed'));
    return Promise.resolve({ level: 'ProcessOnly', message: 'The log outlives its drivers.' });
  }

  health(): Promise<Health> {
    if (this.closed) return Promise.resolve({ status: 'down', message: 'The driver is closed' });
    return Promise.resolve(this.store.isAway ? { status: 'down', message: 'The log is away' } : { status: 'up' });
  }

  close(): Promise<void> {
    this.closed = true;
    for (const consumption of this.consumptions) consumption.vanish();
    return Promise.resolve();
  }

  /** As far as the store, with the time that this takes. */
  private async reach(): Promise<void> {
    if (this.closed) throw new Error('The driver is closed');
    await nextTurn();
    if (this.store.isAway) throw new Error('The log is away');
  }
}

function bytesOf({ headers, body }: StoredEvent): number {
  return headers.reduce((sum, text) => sum + Buffer.byteLength(text), body.length);
}
