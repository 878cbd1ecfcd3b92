import type { Backlog, DriverSubscription } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class BacklogLeavesOutInFlight extends WrappedDriver {
  override async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    const backlog = await this.inner.backlog(subscription);
    return backlog && { ...backlog, pending: backlog.pending - backlog.inFlight };
  }
}

export const backlogLeavesOutInFlight: BrokenDriver = {
  fault: 'does not count as pending what is with the handler',
  madeOf: 'in-memory',
  foundOutBy: ['backlog/in-flight'],
  breakDriver: (inner) => new BacklogLeavesOutInFlight(inner),
};
