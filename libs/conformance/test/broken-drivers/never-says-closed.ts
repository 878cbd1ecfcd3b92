import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class NeverSaysClosed extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new SilentConsumption(this.inner.consume(subscription, handler, options));
  }
}

class SilentConsumption extends WrappedConsumption {
  override get closed(): Promise<void> {
    return this.inner.closed.then(() => new Promise(() => {}));
  }
}

export const neverSaysClosed: BrokenDriver = {
  fault: 'does not say that a consumption has been stopped',
  madeOf: 'in-memory',
  foundOutBy: ['control/closed-after-stop'],
  breakDriver: (inner) => new NeverSaysClosed(inner),
};
