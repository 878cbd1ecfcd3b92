import type { ConsumeOptions, DriverSubscription, EventHandler, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Knows Subscriptions by what a store with short names leaves of theirs. */
class CutsNames extends WrappedDriver {
  override ensureSubscription(subscription: DriverSubscription, start: StartPosition) {
    return this.inner.ensureSubscription(cut(subscription), start);
  }

  override deleteSubscription(subscription: DriverSubscription) {
    return this.inner.deleteSubscription(cut(subscription));
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return this.inner.consume(cut(subscription), handler, options);
  }

  override backlog(subscription: DriverSubscription) {
    return this.inner.backlog(cut(subscription));
  }
}

function cut(subscription: DriverSubscription): DriverSubscription {
  return { ...subscription, name: subscription.name.replaceAll('.', '-').slice(0, 200) };
}

export const cutsNames: BrokenDriver = {
  fault: 'makes one of Subscriptions whose names differ late, or in a dot',
  madeOf: 'log',
  foundOutBy: ['names/subscriptions'],
  breakDriver: (inner) => new CutsNames(inner),
};
