import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class HandsOutTwice extends WrappedDriver {
  private settled = 0;

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const sometimesTwice: EventHandler = async (event, claim) => {
      const settlement = await handler(event, claim);
      return settlement !== 'release' && ++this.settled % 4 === 0 ? handler(event, claim) : settlement;
    };
    return this.inner.consume(subscription, sometimesTwice, options);
  }
}

export const handsOutTwice: BrokenDriver = {
  fault: 'hands out every fourth event again after it was settled',
  madeOf: 'log',
  foundOutBy: ['hand-out/settled-never-again'],
  alsoFails: ['control/update-smaller'],
  breakDriver: (inner) => new HandsOutTwice(inner),
};
