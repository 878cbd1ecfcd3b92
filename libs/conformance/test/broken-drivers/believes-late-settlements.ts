import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class BelievesLateSettlements extends WrappedDriver {
  private readonly settledLate = new Set<string>();

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const believing: EventHandler = async (event, claim) => {
      const key = `${subscription.channel.uid}/${subscription.name}/${event.id}`;
      if (this.settledLate.has(key)) return 'delivered';
      const settlement = await handler(event, claim);
      if (claim.signal.aborted && settlement !== 'release') this.settledLate.add(key);
      return settlement;
    };
    return this.inner.consume(subscription, believing, options);
  }
}

export const believesLateSettlements: BrokenDriver = {
  fault: 'believes who settles an event that is no longer theirs',
  madeOf: 'log',
  foundOutBy: ['control/late-settlement'],
  breakDriver: (inner) => new BelievesLateSettlements(inner),
};
