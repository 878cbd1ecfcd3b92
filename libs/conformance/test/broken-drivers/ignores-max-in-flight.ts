import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

const ALL: ConsumeOptions = { maxInFlight: 1000 };

class IgnoresMaxInFlight extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler): Consumption {
    return new UnlimitedConsumption(this.inner.consume(subscription, handler, ALL));
  }
}

class UnlimitedConsumption extends WrappedConsumption {
  override update(): void {}
}

export const ignoresMaxInFlight: BrokenDriver = {
  fault: 'hands out everything at once, whatever maxInFlight says',
  madeOf: 'in-memory',
  foundOutBy: ['hand-out/max-in-flight', 'control/update-smaller'],
  breakDriver: (inner) => new IgnoresMaxInFlight(inner),
};
