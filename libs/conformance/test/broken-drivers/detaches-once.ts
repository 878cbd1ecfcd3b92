import type { ChannelDriver } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DetachesOnce extends WrappedDriver {
  private readonly detached = new Set<string>();

  override readonly detachSubscription: NonNullable<ChannelDriver['detachSubscription']> = (subscription) => {
    if (this.detached.has(subscription.uid)) throw new Error(`${subscription.name} is detached already`);
    this.detached.add(subscription.uid);
    return this.inner.detachSubscription!(subscription);
  };
}

export const detachesOnce: BrokenDriver = {
  fault: 'takes it for an error that a Subscription is detached already',
  madeOf: 'in-memory',
  foundOutBy: ['twice/detach-subscription'],
  breakDriver: (inner) => new DetachesOnce(inner),
};
