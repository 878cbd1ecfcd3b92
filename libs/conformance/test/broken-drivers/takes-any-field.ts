import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const takesAnyField: BrokenDriver = {
  fault: 'takes parameters that it does not know',
  madeOf: 'in-memory',
  foundOutBy: ['provider/refuses-unknown-fields'],
  breakDriver: (inner) => new WrappedDriver(inner),
  breakProvider: (inner) => ({ ...inner, parametersSchema: { ...inner.parametersSchema, additionalProperties: true } }),
};
