import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class CountsFromZero extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    const fromZero: EventHandler = (event, claim) =>
      handler(event, { ...claim, deliveryCount: (claim.deliveryCount ?? 1) - 1 });
    return this.inner.consume(subscription, fromZero, options);
  }
}

export const countsFromZero: BrokenDriver = {
  fault: 'counts hand-outs from 0',
  madeOf: 'log',
  foundOutBy: ['hand-out/delivery-count'],
  breakDriver: (inner) => new CountsFromZero(inner),
};
