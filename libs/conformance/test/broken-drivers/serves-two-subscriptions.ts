import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ServesTwoSubscriptions extends WrappedDriver {
  private readonly served = new Map<string, Set<string>>();

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const { channel, name } = subscription;
    const names = this.served.get(`${channel.purpose}/${channel.uid}`) ?? new Set();
    this.served.set(`${channel.purpose}/${channel.uid}`, names.add(name));
    const isServed = [...names].indexOf(name) < 2;
    return this.inner.consume(subscription, isServed ? handler : () => Promise.resolve('delivered'), options);
  }
}

export const servesTwoSubscriptions: BrokenDriver = {
  fault: 'hands events to two Subscriptions of a Channel, and no third',
  madeOf: 'in-memory',
  foundOutBy: ['subscription/every-event-to-each'],
  alsoFails: ['channel/delete-empties', 'names/subscriptions'],
  breakDriver: (inner) => new ServesTwoSubscriptions(inner),
};
