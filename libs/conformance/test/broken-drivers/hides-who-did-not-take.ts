import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class HidesWhoDidNotTake extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    return result.outcome === 'refused' && result.code === 'not-delivered' ? { outcome: 'stored' } : result;
  }
}

export const hidesWhoDidNotTake: BrokenDriver = {
  fault: 'says stored of what a subscriber did not take',
  madeOf: 'acknowledged',
  foundOutBy: ['acknowledged/names-who-did-not-take'],
  breakDriver: (inner) => new HidesWhoDidNotTake(inner),
};
