import type { ChannelDriver } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DetachDoesNothing extends WrappedDriver {
  override readonly detachSubscription: NonNullable<ChannelDriver['detachSubscription']> = async (subscription) => {
    await this.inner.backlog(subscription);
  };
}

export const detachDoesNothing: BrokenDriver = {
  fault: 'lets a detached Subscription fill the Channel',
  madeOf: 'in-memory',
  foundOutBy: ['detach/gives-way'],
  breakDriver: (inner) => new DetachDoesNothing(inner),
};
