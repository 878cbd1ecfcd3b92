import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class NeverAbortsClaims extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    const signal = new AbortController().signal;
    return this.inner.consume(subscription, (event, claim) => handler(event, { ...claim, signal }), options);
  }
}

export const neverAbortsClaims: BrokenDriver = {
  fault: 'leaves claims as they are when it gives their events to somebody else',
  madeOf: 'in-memory',
  foundOutBy: ['control/stop-at-the-deadline', 'control/stop-earlier-deadline'],
  breakDriver: (inner) => new NeverAbortsClaims(inner),
};
