import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class StopDoesNotWait extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new HastyConsumption(this.inner.consume(subscription, handler, options));
  }
}

class HastyConsumption extends WrappedConsumption {
  override stop(): Promise<void> {
    return super.stop(AbortSignal.abort());
  }
}

export const stopDoesNotWait: BrokenDriver = {
  fault: 'stops without waiting for what it has handed out',
  madeOf: 'in-memory',
  foundOutBy: ['control/stop-waits'],
  breakDriver: (inner) => new StopDoesNotWait(inner),
};
