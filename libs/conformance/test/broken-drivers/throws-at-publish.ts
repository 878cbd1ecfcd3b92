import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ThrowsAtPublish extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    if (result.outcome === 'refused' && result.code === 'not-found') throw new Error(result.message);
    return result;
  }
}

export const throwsAtPublish: BrokenDriver = {
  fault: 'throws where it should refuse a publish as not-found',
  madeOf: 'in-memory',
  foundOutBy: ['channel/delete-forgets', 'channel/publish-before-ensure', 'publish/never-rejects'],
  breakDriver: (inner) => new ThrowsAtPublish(inner),
};
