import type { ChannelDriver } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DetachDeletes extends WrappedDriver {
  override readonly detachSubscription: NonNullable<ChannelDriver['detachSubscription']> = (subscription) =>
    this.inner.deleteSubscription(subscription);
}

export const detachDeletes: BrokenDriver = {
  fault: 'deletes a Subscription that is only detached',
  madeOf: 'in-memory',
  foundOutBy: ['detach/resumes'],
  breakDriver: (inner) => new DetachDeletes(inner),
};
