import type { Durability } from '@millrace/eventing-api';
import { afterTurns } from '../../src/subject/waiting.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** The contract gives 5,000. */
const LATE_MS = 6000;

class TellsDurabilityLate extends WrappedDriver {
  override async durability(): Promise<Durability | undefined> {
    const told = await this.inner.durability();
    await new Promise<void>((resolve) => afterTurns(LATE_MS, resolve));
    return told;
  }
}

export const tellsDurabilityLate: BrokenDriver = {
  fault: 'takes 6 s to tell what a 202 survives',
  madeOf: 'in-memory',
  foundOutBy: ['durability/told'],
  breakDriver: (inner) => new TellsDurabilityLate(inner),
};
