import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class StopsOnce extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new OnceStoppedConsumption(this.inner.consume(subscription, handler, options));
  }
}

class OnceStoppedConsumption extends WrappedConsumption {
  private stopping = false;

  override stop(deadline: AbortSignal): Promise<void> {
    if (this.stopping) return Promise.reject(new Error('Stopped already'));
    this.stopping = true;
    return super.stop(deadline);
  }
}

export const stopsOnce: BrokenDriver = {
  fault: 'takes a second stop for an error',
  madeOf: 'in-memory',
  foundOutBy: ['twice/stop', 'control/stop-earlier-deadline'],
  breakDriver: (inner) => new StopsOnce(inner),
};
