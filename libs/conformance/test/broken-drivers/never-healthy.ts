import type { Health } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class NeverHealthy extends WrappedDriver {
  override health(): Promise<Health> {
    return Promise.resolve({ status: 'down', message: 'Not asked yet' });
  }
}

export const neverHealthy: BrokenDriver = {
  fault: 'says that it is down although it works',
  madeOf: 'in-memory',
  foundOutBy: ['health/up'],
  breakDriver: (inner) => new NeverHealthy(inner),
};
