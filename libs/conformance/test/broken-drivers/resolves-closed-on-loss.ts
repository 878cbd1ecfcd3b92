import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class ResolvesClosedOnLoss extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new ContentedConsumption(this.inner.consume(subscription, handler, options));
  }
}

class ContentedConsumption extends WrappedConsumption {
  override get closed(): Promise<void> {
    return this.inner.closed.catch(() => {});
  }
}

export const resolvesClosedOnLoss: BrokenDriver = {
  fault: 'says of a consumption that was taken away that it has ended well',
  madeOf: 'in-memory',
  foundOutBy: ['channel/delete-ends-consumption', 'subscription/delete-ends-consumption'],
  breakDriver: (inner) => new ResolvesClosedOnLoss(inner),
};
