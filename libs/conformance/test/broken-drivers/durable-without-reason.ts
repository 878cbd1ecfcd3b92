import type { Durability } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class DurableWithoutReason extends WrappedDriver {
  override async durability(): Promise<Durability | undefined> {
    const told = await this.inner.durability();
    return told && { ...told, message: '' };
  }
}

export const durableWithoutReason: BrokenDriver = {
  fault: 'does not say why a 202 survives what it survives',
  madeOf: 'log',
  foundOutBy: ['durability/told'],
  breakDriver: (inner) => new DurableWithoutReason(inner),
};
