import type { DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DeletesNamesakes extends WrappedDriver {
  private readonly known: DriverSubscription[] = [];

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    this.known.push(subscription);
    return this.inner.ensureSubscription(subscription, start);
  }

  override async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    await this.inner.deleteSubscription(subscription);
    const namesakes = this.known.filter(({ name }) => name === subscription.name);
    for (const namesake of namesakes) await this.inner.deleteSubscription(namesake);
  }
}

export const deletesNamesakes: BrokenDriver = {
  fault: 'deletes the Subscriptions of one name on every Channel',
  madeOf: 'in-memory',
  foundOutBy: ['subscription/names-belong-to-their-channel'],
  breakDriver: (inner) => new DeletesNamesakes(inner),
};
