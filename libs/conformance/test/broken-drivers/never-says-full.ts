import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class NeverSaysFull extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    return result.outcome === 'refused' && result.code === 'full' ? { outcome: 'stored' } : result;
  }
}

export const neverSaysFull: BrokenDriver = {
  fault: 'says stored of what it had no room for',
  madeOf: 'in-memory',
  foundOutBy: ['room/refuses-for-all', 'room/settled-makes-room'],
  breakDriver: (inner) => new NeverSaysFull(inner),
};
