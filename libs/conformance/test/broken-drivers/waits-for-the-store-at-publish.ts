import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class WaitsForTheStoreAtPublish extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const { store } = this.inner as LogDriver;
    if (signal && store.isAway) await new Promise<void>((resolve) => store.onRevive(resolve));
    return this.inner.publish(channel, event, signal);
  }
}

export const waitsForTheStoreAtPublish: BrokenDriver = {
  fault: 'waits with the answer to a publish until the store is back, since it has been given a time',
  madeOf: 'log',
  foundOutBy: ['aborted/publish-in-outage'],
  breakDriver: (inner) => new WaitsForTheStoreAtPublish(inner),
};
