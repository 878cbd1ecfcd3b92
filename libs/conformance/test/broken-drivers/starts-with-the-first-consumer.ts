import type {
  ConsumeOptions,
  Consumption,
  DriverSubscription,
  EventHandler,
  StartPosition,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** As a consumer does that begins at "latest": where that is, is found out by whoever comes first. */
class StartsWithTheFirstConsumer extends WrappedDriver {
  private readonly lazy = new Set<string>();

  override async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    const known = await this.inner.backlog(subscription);
    await this.inner.ensureSubscription(subscription, start);
    if (!known) this.lazy.add(keyOf(subscription));
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    if (!this.lazy.delete(keyOf(subscription))) return this.inner.consume(subscription, handler, options);
    // What waits was stored before now; the in-memory driver forgets and begins anew within these calls.
    this.inner.deleteSubscription(subscription).catch(() => {});
    this.inner.ensureSubscription(subscription, 'now').catch(() => {});
    return this.inner.consume(subscription, handler, options);
  }
}

function keyOf({ channel, name }: DriverSubscription): string {
  return `${channel.purpose}/${channel.uid}/${name}`;
}

export const startsWithTheFirstConsumer: BrokenDriver = {
  fault: 'fixes where a Subscription starts only when it is first consumed',
  madeOf: 'in-memory',
  foundOutBy: ['subscription/starts-when-ensured'],
  alsoFails: [
    'channel/delete-empties',
    'channel/ensure-again-keeps-events',
    'subscription/delete-forgets',
    'subscription/names-belong-to-their-channel',
    'dead-letters/outlive-the-channel',
    'detach/gives-way',
    'detach/resumes',
    'names/subscriptions',
    'aborted/before-publish',
    'aborted/during-publish',
  ],
  breakDriver: (inner) => new StartsWithTheFirstConsumer(inner),
};
