import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class SaysFullWithoutWhen extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    return result.outcome === 'refused' ? { ...result, retryAfterMs: undefined } : result;
  }
}

export const saysFullWithoutWhen: BrokenDriver = {
  fault: 'says that it is full, and not when to come again',
  madeOf: 'in-memory',
  foundOutBy: ['room/refuses-for-all'],
  breakDriver: (inner) => new SaysFullWithoutWhen(inner),
};
