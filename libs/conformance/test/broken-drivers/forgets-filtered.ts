import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ForgetsFiltered extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const forgetful: EventHandler = async (event, claim) => {
      const settlement = await handler(event, claim);
      return settlement === 'filtered' ? 'release' : settlement;
    };
    return this.inner.consume(subscription, forgetful, options);
  }
}

export const forgetsFiltered: BrokenDriver = {
  fault: 'does not tell the store of events that a filter refused',
  madeOf: 'log',
  foundOutBy: ['hand-out/settled-never-again'],
  breakDriver: (inner) => new ForgetsFiltered(inner),
};
