import type { DriverChannel, DriverSubscription, EventHandler, ConsumeOptions } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Lets nobody but the first process consume a Subscription. */
class ConsumesAlone extends WrappedDriver {
  private static readonly consumed = new Map<string, ConsumesAlone>();

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    const key = keyOf(subscription.channel, subscription.name);
    const owner = ConsumesAlone.consumed.get(key) ?? this;
    ConsumesAlone.consumed.set(key, owner);
    return this.inner.consume(subscription, handler, owner === this ? options : { maxInFlight: 0 });
  }
}

function keyOf({ purpose, uid }: DriverChannel, name: string): string {
  return `${purpose}/${uid}/${name}`;
}

export const consumesAlone: BrokenDriver = {
  fault: 'leaves a Subscription to the first process that consumed it, for good',
  madeOf: 'log',
  foundOutBy: [
    'replicas/share-events',
    'replicas/stopped-gives-way',
    'replicas/closed-gives-way',
    'replicas/order-per-key',
  ],
  alsoFails: ['durability/position-outlives-the-driver'],
  breakDriver: (inner) => new ConsumesAlone(inner),
};
