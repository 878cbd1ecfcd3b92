import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

const POOL = 20;

/** Hands out so many events at one time, for all Subscriptions together. */
class SharesOnePool extends WrappedDriver {
  private free = POOL;
  private readonly waiting: (() => void)[] = [];

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const pooled: EventHandler = async (event, claim) => {
      if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
      else this.free--;
      const settlement = claim.signal.aborted ? 'release' : await handler(event, claim);
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
      return settlement;
    };
    return this.inner.consume(subscription, pooled, options);
  }
}

export const sharesOnePool: BrokenDriver = {
  fault: 'has one pool of hands for all Subscriptions',
  madeOf: 'in-memory',
  foundOutBy: ['hand-out/slow-holds-up-nobody', 'engine/slow-subscriber'],
  breakDriver: (inner) => new SharesOnePool(inner),
};
