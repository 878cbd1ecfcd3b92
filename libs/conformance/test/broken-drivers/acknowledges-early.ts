import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Stores what can be stored, in its own time. */
class AcknowledgesEarly extends WrappedDriver {
  private known = new Set<string>();
  private closed = false;

  override async ensureChannel(channel: DriverChannel) {
    const report = await this.inner.ensureChannel(channel);
    this.known.add(keyOf(channel));
    return report;
  }

  override async deleteChannel(channel: DriverChannel) {
    this.known.delete(keyOf(channel));
    await this.inner.deleteChannel(channel);
  }

  override publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    if (this.closed || !this.known.has(keyOf(channel))) return this.inner.publish(channel, event, signal);
    setTimeout(() => void this.inner.publish(channel, event, undefined), 20);
    return Promise.resolve({ outcome: 'stored' });
  }

  override close(): Promise<void> {
    this.closed = true;
    return super.close();
  }
}

function keyOf({ purpose, uid }: DriverChannel): string {
  return `${purpose}/${uid}`;
}

export const acknowledgesEarly: BrokenDriver = {
  fault: 'says stored a moment before the store has the event',
  madeOf: 'in-memory',
  foundOutBy: ['subscription/now-leaves-out-the-past'],
  alsoFails: [
    'subscription/delete-forgets',
    'accounts/gone',
    'detach/gives-way',
    'room/refuses-for-all',
    'room/settled-makes-room',
  ],
  breakDriver: (inner) => new AcknowledgesEarly(inner),
};
