import type { DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DeletesWhatItUnderstands extends WrappedDriver {
  override deleteChannel(channel: DriverChannel): Promise<void> {
    const [unknown] = Object.keys(channel.arguments);
    if (unknown !== undefined) return Promise.reject(new Error(`Unknown argument ${unknown}`));
    return this.inner.deleteChannel(channel);
  }
}

export const deletesWhatItUnderstands: BrokenDriver = {
  fault: 'validates the arguments of a Channel that is to be deleted',
  madeOf: 'in-memory',
  foundOutBy: ['channel/delete-never-accepted'],
  breakDriver: (inner) => new DeletesWhatItUnderstands(inner),
};
