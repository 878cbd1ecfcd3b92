import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** As a lease does that nobody extends while there is other work. */
class WithdrawsClaims extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    let former: AbortController | undefined;
    const forgetful: EventHandler = (event, claim) => {
      if (options.maxInFlight === 100) former?.abort(new Error('Not extended in time'));
      former = new AbortController();
      return handler(event, { ...claim, signal: AbortSignal.any([claim.signal, former.signal]) });
    };
    return this.inner.consume(subscription, forgetful, options);
  }
}

export const withdrawsClaims: BrokenDriver = {
  fault: 'withdraws the claim to an event when it hands out the next one, where a hundred may be in flight',
  madeOf: 'in-memory',
  foundOutBy: ['hand-out/held-until-settled'],
  breakDriver: (inner) => new WithdrawsClaims(inner),
};
