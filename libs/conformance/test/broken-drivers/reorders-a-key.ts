import type {
  ConsumeOptions,
  Consumption,
  DriverSubscription,
  EventHandler,
  StoredEvent,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ReordersAKey extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    let letPass = () => {};
    const reordering: EventHandler = async (event, claim) => {
      if (isOf(event, '-3')) letPass();
      if (isOf(event, '-2')) {
        await new Promise<void>((resolve) => {
          letPass = resolve;
          claim.signal.addEventListener('abort', () => resolve());
        });
      }
      return claim.signal.aborted ? 'release' : handler(event, claim);
    };
    return this.inner.consume(subscription, reordering, options);
  }
}

/** The event of the second key with this ending. */
function isOf({ id, partitionKey }: StoredEvent, ending: string): boolean {
  return partitionKey === 'k1' && id.endsWith(ending);
}

export const reordersAKey: BrokenDriver = {
  fault: 'lets an event overtake another one of its key',
  madeOf: 'log',
  foundOutBy: ['ordering/per-key', 'ordering/after-stop', 'replicas/order-per-key', 'engine/order-under-retries'],
  breakDriver: (inner) => new ReordersAKey(inner),
};
