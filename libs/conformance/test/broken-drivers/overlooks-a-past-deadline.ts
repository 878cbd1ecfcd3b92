import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class OverlooksAPastDeadline extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new ListeningConsumption(this.inner.consume(subscription, handler, options));
  }
}

/** Listens for the deadline, and does not look whether it has come already. */
class ListeningConsumption extends WrappedConsumption {
  override stop(deadline: AbortSignal): Promise<void> {
    return super.stop(deadline.aborted ? new AbortController().signal : deadline);
  }
}

export const overlooksAPastDeadline: BrokenDriver = {
  fault: 'waits for ever at a stop whose deadline has passed already',
  madeOf: 'in-memory',
  foundOutBy: ['aborted/stop'],
  breakDriver: (inner) => new OverlooksAPastDeadline(inner),
};
