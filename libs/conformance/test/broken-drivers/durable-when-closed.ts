import type { Durability } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DurableWhenClosed extends WrappedDriver {
  override durability(): Promise<Durability> {
    return Promise.resolve({ level: 'ProcessOnly', message: 'As it was when the log was opened.' });
  }
}

export const durableWhenClosed: BrokenDriver = {
  fault: 'goes on telling what a 202 survives after it was closed',
  madeOf: 'log',
  foundOutBy: ['after-close/durability'],
  breakDriver: (inner) => new DurableWhenClosed(inner),
};
