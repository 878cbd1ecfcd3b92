import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class LosesOneInAHundred extends WrappedDriver {
  private published = 0;

  override publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    if (++this.published % 100 === 0) return Promise.resolve({ outcome: 'stored' });
    return this.inner.publish(channel, event, signal);
  }
}

export const losesOneInAHundred: BrokenDriver = {
  fault: 'loses one event in a hundred',
  madeOf: 'in-memory',
  foundOutBy: ['publish/overlapping', 'engine/at-least-once'],
  breakDriver: (inner) => new LosesOneInAHundred(inner),
};
