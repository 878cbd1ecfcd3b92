import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const claimsToShare: BrokenDriver = {
  fault: 'claims that processes share its Subscriptions, and knows of one only',
  madeOf: 'in-memory',
  claims: { sharedConsumption: true },
  foundOutBy: [
    'replicas/ensured-everywhere',
    'replicas/share-events',
    'replicas/stopped-gives-way',
    'replicas/closed-gives-way',
    'replicas/order-per-key',
  ],
  breakDriver: (inner) => new WrappedDriver(inner),
};
