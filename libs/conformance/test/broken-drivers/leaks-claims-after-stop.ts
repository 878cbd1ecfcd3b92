import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class LeaksClaimsAfterStop extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new LeakyConsumption(this.inner.consume(subscription, handler, options));
  }
}

/** Ends on time, but what it holds stays with it. */
class LeakyConsumption extends WrappedConsumption {
  override async stop(deadline: AbortSignal): Promise<void> {
    this.inner.pause();
    const overdue = new Promise<void>((resolve) => {
      if (deadline.aborted) resolve();
      deadline.addEventListener('abort', () => resolve());
    });
    await Promise.race([this.inner.stop(new AbortController().signal), overdue]);
  }
}

export const leaksClaimsAfterStop: BrokenDriver = {
  fault: 'keeps what a stopped consumption held, so that nobody else gets it',
  madeOf: 'log',
  foundOutBy: [
    'control/stop-at-the-deadline',
    'control/stop-earlier-deadline',
    'aborted/stop',
    'replicas/stopped-gives-way',
  ],
  alsoFails: [
    'hand-out/delivery-count',
    'control/late-settlement',
    'ordering/after-stop',
    'engine/dead-letter-before-settlement',
    'engine/stop-loses-nothing',
  ],
  breakDriver: (inner) => new LeaksClaimsAfterStop(inner),
};
