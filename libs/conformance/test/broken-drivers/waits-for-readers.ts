import { setTimeout as wait } from 'node:timers/promises';
import type {
  DriverChannel,
  DriverSubscription,
  PublishResult,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class WaitsForReaders extends WrappedDriver {
  private readonly readers = new Map<string, DriverSubscription>();
  private closed = false;

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    if (subscription.channel.purpose === 'dead-letters') this.readers.set(subscription.channel.uid, subscription);
    return this.inner.ensureSubscription(subscription, start);
  }

  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    const reader = channel.purpose === 'dead-letters' ? this.readers.get(channel.uid) : undefined;
    while (reader && !this.closed && (await this.inner.backlog(reader))?.pending !== 0) await wait(5);
    return result;
  }

  override close(): Promise<void> {
    this.closed = true;
    return super.close();
  }
}

export const waitsForReaders: BrokenDriver = {
  fault: 'answers the publish of a dead letter when somebody has read it',
  madeOf: 'in-memory',
  foundOutBy: ['dead-letters/stored-unread'],
  alsoFails: ['dead-letters/outlive-the-channel'],
  breakDriver: (inner) => new WaitsForReaders(inner),
};
