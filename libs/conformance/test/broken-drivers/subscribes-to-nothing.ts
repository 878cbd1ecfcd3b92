import type { DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class SubscribesToNothing extends WrappedDriver {
  override async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    try {
      await this.inner.ensureSubscription(subscription, start);
    } catch (error) {
      if ((await this.health()).status === 'down') throw error;
    }
  }
}

export const subscribesToNothing: BrokenDriver = {
  fault: 'calls a Subscription ensured whose Channel is not there',
  madeOf: 'in-memory',
  foundOutBy: ['subscription/needs-its-channel'],
  breakDriver: (inner) => new SubscribesToNothing(inner),
};
