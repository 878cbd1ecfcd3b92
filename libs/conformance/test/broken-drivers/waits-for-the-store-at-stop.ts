import type { ConsumeOptions, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { Consumption } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { LogStore } from '../log-store/log-store.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class WaitsForTheStoreAtStop extends WrappedDriver {
  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    const consumption = this.inner.consume(subscription, handler, options);
    return new LoyalConsumption(consumption, (this.inner as LogDriver).store);
  }
}

class LoyalConsumption extends WrappedConsumption {
  constructor(
    inner: Consumption,
    private readonly store: LogStore,
  ) {
    super(inner);
  }

  override async stop(deadline: AbortSignal): Promise<void> {
    if (this.store.isAway) await new Promise<void>((resolve) => this.store.onRevive(resolve));
    await super.stop(deadline);
  }
}

export const waitsForTheStoreAtStop: BrokenDriver = {
  fault: 'waits at stop until the store is back, whatever the deadline',
  madeOf: 'log',
  foundOutBy: ['outage/stops-while-away'],
  breakDriver: (inner) => new WaitsForTheStoreAtStop(inner),
};
