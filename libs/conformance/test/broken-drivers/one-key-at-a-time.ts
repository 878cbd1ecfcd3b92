import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Has one lane for all keys, as a topic with one partition has. */
class OneKeyAtATime extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    let lane = Promise.resolve();
    const queued: EventHandler = async (event, claim) => {
      if (event.partitionKey === undefined) return handler(event, claim);
      const aborted = new Promise<void>((resolve) => claim.signal.addEventListener('abort', () => resolve()));
      const turn = lane;
      const over = Promise.withResolvers<undefined>();
      lane = over.promise;
      await Promise.race([turn, aborted]);
      const settlement = claim.signal.aborted ? 'release' : await handler(event, claim);
      over.resolve(undefined);
      return settlement;
    };
    return this.inner.consume(subscription, queued, options);
  }
}

export const oneKeyAtATime: BrokenDriver = {
  fault: 'holds up every key for one of them, and does not say so',
  madeOf: 'log',
  foundOutBy: ['ordering/keys-side-by-side'],
  alsoFails: ['hand-out/slow-holds-up-nobody'],
  breakDriver: (inner) => new OneKeyAtATime(inner),
};
