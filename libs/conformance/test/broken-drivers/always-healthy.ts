import type { Health } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class AlwaysHealthy extends WrappedDriver {
  override health(): Promise<Health> {
    return Promise.resolve({ status: 'up' });
  }
}

export const alwaysHealthy: BrokenDriver = {
  fault: 'says that it is up, whatever happens',
  madeOf: 'log',
  foundOutBy: ['health/down-after-close', 'outage/health-tells', 'outage/opens-while-away'],
  breakDriver: (inner) => new AlwaysHealthy(inner),
};
