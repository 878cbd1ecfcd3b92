import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const answersBeforeDelivery: BrokenDriver = {
  fault: 'claims to wait for every subscriber, and does not',
  madeOf: 'in-memory',
  claims: { acknowledgesDelivery: true },
  foundOutBy: [
    'acknowledged/waits-for-all',
    'acknowledged/names-who-did-not-take',
    'acknowledged/hanging-up-cancels-nothing',
  ],
  breakDriver: (inner) => new WrappedDriver(inner),
};
