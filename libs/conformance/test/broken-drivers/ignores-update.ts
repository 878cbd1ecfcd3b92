import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class IgnoresUpdate extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    return new FixedConsumption(this.inner.consume(subscription, handler, options));
  }
}

class FixedConsumption extends WrappedConsumption {
  override update(): void {}
}

export const ignoresUpdate: BrokenDriver = {
  fault: 'goes on with the options that a consumption began with',
  madeOf: 'in-memory',
  foundOutBy: ['control/update-larger', 'control/update-smaller'],
  breakDriver: (inner) => new IgnoresUpdate(inner),
};
