import type { Backlog, DriverSubscription } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class WaitsForTheStoreWithFigures extends WrappedDriver {
  override async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    const { store } = this.inner as LogDriver;
    if (store.isAway) await new Promise<void>((resolve) => store.onRevive(resolve));
    return this.inner.backlog(subscription);
  }
}

export const waitsForTheStoreWithFigures: BrokenDriver = {
  fault: 'waits with a backlog until the store is back',
  madeOf: 'log',
  foundOutBy: ['outage/figures-settle'],
  breakDriver: (inner) => new WaitsForTheStoreWithFigures(inner),
};
