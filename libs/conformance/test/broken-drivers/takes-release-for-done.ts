import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class TakesReleaseForDone extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const careless: EventHandler = async (event, claim) => {
      const settlement = await handler(event, claim);
      return settlement === 'release' ? 'dropped' : settlement;
    };
    return this.inner.consume(subscription, careless, options);
  }
}

export const takesReleaseForDone: BrokenDriver = {
  fault: 'takes a released event for settled',
  madeOf: 'log',
  foundOutBy: ['hand-out/released-comes-again', 'hand-out/released-again-and-again'],
  breakDriver: (inner) => new TakesReleaseForDone(inner),
};
