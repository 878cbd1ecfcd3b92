import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class WorksAfterClose extends WrappedDriver {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

export const worksAfterClose: BrokenDriver = {
  fault: 'goes on after close as if nothing had happened',
  madeOf: 'in-memory',
  foundOutBy: [
    'health/down-after-close',
    'after-close/publish',
    'after-close/ensure-channel',
    'after-close/delete-channel',
    'after-close/ensure-subscription',
    'after-close/delete-subscription',
    'after-close/detach-subscription',
    'after-close/backlog',
    'after-close/durability',
    'after-close/consume',
  ],
  breakDriver: (inner) => new WorksAfterClose(inner),
};
