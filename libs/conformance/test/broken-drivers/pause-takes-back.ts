import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class PauseTakesBack extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const recall = new AbortController();
    const recalled: EventHandler = (event, claim) =>
      handler(event, { ...claim, signal: AbortSignal.any([claim.signal, recall.signal]) });
    return new RecallingConsumption(this.inner.consume(subscription, recalled, options), recall);
  }
}

class RecallingConsumption extends WrappedConsumption {
  constructor(
    inner: Consumption,
    private readonly recall: AbortController,
  ) {
    super(inner);
  }

  override pause(): void {
    this.recall.abort(new Error('Paused'));
    super.pause();
  }
}

export const pauseTakesBack: BrokenDriver = {
  fault: 'takes events back that are with the handler when it is paused',
  madeOf: 'in-memory',
  foundOutBy: ['control/pause-lets-finish'],
  breakDriver: (inner) => new PauseTakesBack(inner),
};
