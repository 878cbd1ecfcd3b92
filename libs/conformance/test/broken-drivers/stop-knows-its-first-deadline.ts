import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class StopKnowsItsFirstDeadline extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return new ForgetfulConsumption(this.inner.consume(subscription, handler, options));
  }
}

class ForgetfulConsumption extends WrappedConsumption {
  private stopping: Promise<void> | undefined;

  override stop(deadline: AbortSignal): Promise<void> {
    this.stopping ??= super.stop(deadline);
    return this.stopping;
  }
}

export const stopKnowsItsFirstDeadline: BrokenDriver = {
  fault: 'ignores the deadline of a second stop',
  madeOf: 'in-memory',
  foundOutBy: ['control/stop-earlier-deadline'],
  breakDriver: (inner) => new StopKnowsItsFirstDeadline(inner),
};
