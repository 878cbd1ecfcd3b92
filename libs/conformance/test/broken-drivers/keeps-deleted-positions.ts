import type { DriverSubscription } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class KeepsDeletedPositions extends WrappedDriver {
  override async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    await this.inner.backlog(subscription);
  }
}

export const keepsDeletedPositions: BrokenDriver = {
  fault: 'keeps the position of a Subscription that was deleted',
  madeOf: 'log',
  foundOutBy: ['subscription/delete-forgets', 'subscription/delete-ends-consumption'],
  breakDriver: (inner) => new KeepsDeletedPositions(inner),
};
