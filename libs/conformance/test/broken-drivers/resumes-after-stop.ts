import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class ResumesAfterStop extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const begin = () => this.inner.consume(subscription, handler, options);
    return new RestartingConsumption(begin(), begin);
  }
}

class RestartingConsumption extends WrappedConsumption {
  private stopped = false;

  constructor(
    inner: Consumption,
    private readonly begin: () => Consumption,
  ) {
    super(inner);
  }

  override resume(): void {
    if (this.stopped) this.begin();
    else super.resume();
  }

  override async stop(deadline: AbortSignal): Promise<void> {
    await super.stop(deadline);
    this.stopped = true;
  }
}

export const resumesAfterStop: BrokenDriver = {
  fault: 'begins anew when it is resumed after stop',
  madeOf: 'log',
  foundOutBy: ['control/resume-after-stop'],
  breakDriver: (inner) => new ResumesAfterStop(inner),
};
