import type { Backlog, DriverSubscription } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ShowsZeroForUnknown extends WrappedDriver {
  override async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    return (await this.inner.backlog(subscription)) ?? { pending: 0, inFlight: 0 };
  }
}

export const showsZeroForUnknown: BrokenDriver = {
  fault: 'says 0 of a backlog that it does not know',
  madeOf: 'in-memory',
  foundOutBy: ['backlog/unknown-subscription'],
  breakDriver: (inner) => new ShowsZeroForUnknown(inner),
};
