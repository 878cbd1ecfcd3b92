import type { DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DeletesOnce extends WrappedDriver {
  private readonly deleted = new Set<string>();

  override deleteChannel(channel: DriverChannel): Promise<void> {
    this.once(`${channel.purpose}/${channel.uid}`);
    return this.inner.deleteChannel(channel);
  }

  override deleteSubscription(subscription: DriverSubscription): Promise<void> {
    this.once(subscription.uid);
    return this.inner.deleteSubscription(subscription);
  }

  private once(key: string): void {
    if (this.deleted.has(key)) throw new Error(`${key} was deleted already`);
    this.deleted.add(key);
  }
}

export const deletesOnce: BrokenDriver = {
  fault: 'takes it for an error that what is to be deleted is gone',
  madeOf: 'in-memory',
  foundOutBy: ['twice/delete-channel', 'twice/delete-subscription'],
  breakDriver: (inner) => new DeletesOnce(inner),
};
