import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ClosesOnce extends WrappedDriver {
  private closed = false;

  override close(): Promise<void> {
    if (this.closed) return Promise.reject(new Error('Closed already'));
    this.closed = true;
    return super.close();
  }
}

export const closesOnce: BrokenDriver = {
  fault: 'takes a second close for an error',
  madeOf: 'in-memory',
  foundOutBy: ['twice/close'],
  breakDriver: (inner) => new ClosesOnce(inner),
};
