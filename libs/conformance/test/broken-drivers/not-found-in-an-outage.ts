import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class NotFoundInAnOutage extends WrappedDriver {
  override publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    if (!(this.inner as LogDriver).store.isAway) return this.inner.publish(channel, event, signal);
    return Promise.resolve({ outcome: 'refused', code: 'not-found', message: 'No such log' });
  }
}

export const notFoundInAnOutage: BrokenDriver = {
  fault: 'says that a Channel is not there when the store is not',
  madeOf: 'log',
  foundOutBy: ['outage/publish-answers', 'aborted/publish-in-outage'],
  breakDriver: (inner) => new NotFoundInAnOutage(inner),
};
