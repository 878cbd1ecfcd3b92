import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

const MAX_DELIVER = 20;

class GivesUpAfterTwenty extends WrappedDriver {
  private readonly handOuts = new Map<string, number>();

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const { channel, name } = subscription;
    const counted: EventHandler = async (event, claim) => {
      const key = JSON.stringify([channel.uid, channel.purpose, name, event.id]);
      const count = (this.handOuts.get(key) ?? 0) + 1;
      this.handOuts.set(key, count);
      return count > MAX_DELIVER ? 'dropped' : handler(event, claim);
    };
    return this.inner.consume(subscription, counted, options);
  }
}

export const givesUpAfterTwenty: BrokenDriver = {
  fault: 'drops an event that it has handed out twenty times',
  madeOf: 'in-memory',
  foundOutBy: ['hand-out/released-again-and-again'],
  breakDriver: (inner) => new GivesUpAfterTwenty(inner),
};
