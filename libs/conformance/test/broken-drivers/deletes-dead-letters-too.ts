import type { DriverSubscription } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DeletesDeadLettersToo extends WrappedDriver {
  override async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    await this.inner.deleteSubscription(subscription);
    await this.inner.deleteChannel({ ...subscription.channel, purpose: 'dead-letters', uid: subscription.uid });
  }
}

export const deletesDeadLettersToo: BrokenDriver = {
  fault: 'deletes with a Subscription the dead letters that it had',
  madeOf: 'in-memory',
  foundOutBy: ['dead-letters/outlive-the-channel'],
  breakDriver: (inner) => new DeletesDeadLettersToo(inner),
};
