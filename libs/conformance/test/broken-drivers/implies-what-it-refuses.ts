import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const impliesWhatItRefuses: BrokenDriver = {
  fault: 'implies parameters with a name that its own schema refuses',
  madeOf: 'in-memory',
  foundOutBy: ['provider/claims'],
  breakDriver: (inner) => new WrappedDriver(inner),
  breakProvider: (inner) => ({ ...inner, claims: { ...inner.claims, 'in-memory-channel': { acknowledged: true } } }),
};
