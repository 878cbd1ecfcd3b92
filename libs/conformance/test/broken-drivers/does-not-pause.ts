import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class DoesNotPause extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new RestlessConsumption(this.inner.consume(subscription, handler, options));
  }
}

class RestlessConsumption extends WrappedConsumption {
  override pause(): void {}
}

export const doesNotPause: BrokenDriver = {
  fault: 'goes on handing out while paused',
  madeOf: 'in-memory',
  foundOutBy: ['control/pause'],
  breakDriver: (inner) => new DoesNotPause(inner),
};
