import type {
  ConsumeOptions,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** The purpose is no part of what it calls a Channel in the store. */
class MixesDeadLetters extends WrappedDriver {
  override ensureChannel(channel: DriverChannel) {
    return this.inner.ensureChannel(mixed(channel));
  }

  override deleteChannel(channel: DriverChannel) {
    return this.inner.deleteChannel(mixed(channel));
  }

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition) {
    return this.inner.ensureSubscription(mixedOf(subscription), start);
  }

  override deleteSubscription(subscription: DriverSubscription) {
    return this.inner.deleteSubscription(mixedOf(subscription));
  }

  override publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined) {
    return this.inner.publish(mixed(channel), event, signal);
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return this.inner.consume(mixedOf(subscription), handler, options);
  }

  override backlog(subscription: DriverSubscription) {
    return this.inner.backlog(mixedOf(subscription));
  }
}

function mixed(channel: DriverChannel): DriverChannel {
  return { ...channel, purpose: 'events' };
}

function mixedOf(subscription: DriverSubscription): DriverSubscription {
  return { ...subscription, channel: mixed(subscription.channel) };
}

export const mixesDeadLetters: BrokenDriver = {
  fault: 'keeps dead letters where it keeps the events of the Channel with that UID',
  madeOf: 'log',
  foundOutBy: ['dead-letters/apart-from-events'],
  breakDriver: (inner) => new MixesDeadLetters(inner),
};
