import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const claimsToBeDurable: BrokenDriver = {
  fault: 'claims to be durable, and keeps events in the process',
  madeOf: 'in-memory',
  claims: { durable: true },
  foundOutBy: [
    'durability/told',
    'durability/report-new',
    'durability/events-outlive-the-driver',
    'durability/position-outlives-the-driver',
  ],
  breakDriver: (inner) => new WrappedDriver(inner),
};
