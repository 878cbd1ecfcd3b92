import type { Backlog, DriverSubscription } from '@millrace/eventing-api';
import { afterTurns } from '../../src/subject/waiting.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** The contract gives 2,000. */
const SLOW_MS = 3000;
/** So few that one who asks in peace has his answer soon. */
const AT_A_TIME = 4;

class CountsItsBacklogSlowly extends WrappedDriver {
  private asked = 0;

  override async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    this.asked++;
    try {
      if (this.asked > AT_A_TIME) await new Promise<void>((resolve) => afterTurns(SLOW_MS, resolve));
      return await this.inner.backlog(subscription);
    } finally {
      this.asked--;
    }
  }
}

export const countsItsBacklogSlowly: BrokenDriver = {
  fault: 'takes 3 s for a backlog when many are asked for at one time',
  madeOf: 'in-memory',
  foundOutBy: ['backlog/prompt'],
  breakDriver: (inner) => new CountsItsBacklogSlowly(inner),
};
