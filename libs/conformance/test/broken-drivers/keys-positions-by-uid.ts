import type { ConsumeOptions, DriverSubscription, EventHandler, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class KeysPositionsByUid extends WrappedDriver {
  override ensureSubscription(subscription: DriverSubscription, start: StartPosition) {
    return this.inner.ensureSubscription(renamed(subscription), start);
  }

  override deleteSubscription(subscription: DriverSubscription) {
    return this.inner.deleteSubscription(renamed(subscription));
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return this.inner.consume(renamed(subscription), handler, options);
  }

  override backlog(subscription: DriverSubscription) {
    return this.inner.backlog(renamed(subscription));
  }
}

function renamed(subscription: DriverSubscription): DriverSubscription {
  return { ...subscription, name: subscription.uid };
}

export const keysPositionsByUid: BrokenDriver = {
  fault: 'forgets the position of a Subscription that is made anew under its name',
  madeOf: 'log',
  foundOutBy: ['subscription/name-keeps-position'],
  breakDriver: (inner) => new KeysPositionsByUid(inner),
};
