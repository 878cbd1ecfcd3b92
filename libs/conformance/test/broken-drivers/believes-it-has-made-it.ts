import type { DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class BelievesItHasMadeIt extends WrappedDriver {
  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    if ((this.inner as LogDriver).store.isAway) return Promise.resolve();
    return this.inner.ensureSubscription(subscription, start);
  }
}

export const believesItHasMadeIt: BrokenDriver = {
  fault: 'calls a Subscription ensured that the store has not heard of, since it is away',
  madeOf: 'log',
  foundOutBy: ['outage/care-rejects'],
  breakDriver: (inner) => new BelievesItHasMadeIt(inner),
};
