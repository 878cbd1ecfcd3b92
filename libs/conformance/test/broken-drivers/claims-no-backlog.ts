import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const claimsNoBacklog: BrokenDriver = {
  fault: 'shows figures of a backlog that it says it cannot tell',
  madeOf: 'in-memory',
  claims: { backlog: false },
  foundOutBy: ['backlog/not-claimed'],
  breakDriver: (inner) => new WrappedDriver(inner),
};
