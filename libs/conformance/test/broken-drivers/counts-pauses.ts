import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class CountsPauses extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new CountingConsumption(this.inner.consume(subscription, handler, options));
  }
}

class CountingConsumption extends WrappedConsumption {
  private pauses = 0;

  override pause(): void {
    this.pauses++;
    super.pause();
  }

  override resume(): void {
    if (--this.pauses === 0) super.resume();
  }
}

export const countsPauses: BrokenDriver = {
  fault: 'wants one resume for each pause',
  madeOf: 'in-memory',
  foundOutBy: ['twice/pause-and-resume'],
  alsoFails: ['hand-out/released-again-and-again'],
  breakDriver: (inner) => new CountsPauses(inner),
};
