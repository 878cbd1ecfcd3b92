import type { ChannelReport, DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Forgets Subscriptions with their Channel, and not the events. */
class KeepsDeletedEvents extends WrappedDriver {
  private readonly stored = new Map<string, StoredEvent[]>();
  private readonly deleted = new Set<string>();

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const report = await this.inner.ensureChannel(channel);
    if (!this.deleted.delete(channel.uid)) return report;
    for (const event of this.stored.get(channel.uid) ?? []) await this.inner.publish(channel, event, undefined);
    return report;
  }

  override async deleteChannel(channel: DriverChannel): Promise<void> {
    await this.inner.deleteChannel(channel);
    this.deleted.add(channel.uid);
  }

  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    const isKept = result.outcome === 'stored' && channel.purpose === 'events';
    if (isKept) this.stored.set(channel.uid, [...(this.stored.get(channel.uid) ?? []), event]);
    return result;
  }
}

export const keepsDeletedEvents: BrokenDriver = {
  fault: 'lets a new Subscription replay the events of a Channel that was deleted under that UID',
  madeOf: 'log',
  foundOutBy: ['channel/delete-empties'],
  breakDriver: (inner) => new KeepsDeletedEvents(inner),
};
