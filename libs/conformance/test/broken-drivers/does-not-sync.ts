import type { LogDriver } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const doesNotSync: BrokenDriver = {
  fault: 'says stored of what a crash of the store takes away',
  madeOf: 'log',
  foundOutBy: ['outage/restart-keeps-stored'],
  breakDriver(inner) {
    (inner as LogDriver).store.syncs = false;
    return new WrappedDriver(inner);
  },
};
