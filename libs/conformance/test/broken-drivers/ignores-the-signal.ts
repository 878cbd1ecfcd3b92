import type { DriverChannel, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class IgnoresTheSignal extends WrappedDriver {
  override publish(channel: DriverChannel, event: StoredEvent) {
    return this.inner.publish(channel, event, undefined);
  }
}

export const ignoresTheSignal: BrokenDriver = {
  fault: 'goes on with a publish whose time is up',
  madeOf: 'acknowledged',
  foundOutBy: ['acknowledged/hanging-up-cancels-nothing', 'aborted/before-publish', 'aborted/during-publish'],
  breakDriver: (inner) => new IgnoresTheSignal(inner),
};
