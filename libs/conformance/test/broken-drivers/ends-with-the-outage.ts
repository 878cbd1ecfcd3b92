import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class EndsWithTheOutage extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const consumption = this.inner.consume(subscription, handler, options);
    (this.inner as LogDriver).store.onKill(() => void consumption.stop(AbortSignal.abort()));
    return consumption;
  }
}

export const endsWithTheOutage: BrokenDriver = {
  fault: 'ends its consumptions when the store goes away',
  madeOf: 'log',
  foundOutBy: ['outage/consumption-goes-on'],
  breakDriver: (inner) => new EndsWithTheOutage(inner),
};
