import type { DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class RefusesDigits extends WrappedDriver {
  override ensureChannel(channel: DriverChannel) {
    if (!/^[a-z]/.test(channel.name)) return Promise.reject(new Error(`${channel.name} must begin with a letter`));
    return this.inner.ensureChannel(channel);
  }
}

export const refusesDigits: BrokenDriver = {
  fault: 'has no place for Channels whose names begin with a digit',
  madeOf: 'log',
  foundOutBy: ['names/channels', 'names/dead-letter-places'],
  breakDriver: (inner) => new RefusesDigits(inner),
};
