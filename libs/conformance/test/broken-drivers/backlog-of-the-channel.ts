import type { Backlog, DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class BacklogOfTheChannel extends WrappedDriver {
  private readonly known: DriverSubscription[] = [];

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    this.known.push(subscription);
    return this.inner.ensureSubscription(subscription, start);
  }

  override async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    const own = await this.inner.backlog(subscription);
    if (!own) return undefined;
    const total = { pending: 0, inFlight: 0 };
    for (const other of this.known.filter(({ channel }) => channel.uid === subscription.channel.uid)) {
      const backlog = await this.inner.backlog(other);
      total.pending += backlog?.pending ?? 0;
      total.inFlight += backlog?.inFlight ?? 0;
    }
    return total;
  }
}

export const backlogOfTheChannel: BrokenDriver = {
  fault: 'shows the backlog of the whole Channel for each Subscription',
  madeOf: 'in-memory',
  foundOutBy: ['backlog/waiting'],
  breakDriver: (inner) => new BacklogOfTheChannel(inner),
};
