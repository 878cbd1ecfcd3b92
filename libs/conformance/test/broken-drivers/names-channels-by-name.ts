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

/** Each Channel is called by its namespace and name, as Knative Eventing of 2019 called its topics. */
class NamesChannelsByName extends WrappedDriver {
  override ensureChannel(channel: DriverChannel) {
    return this.inner.ensureChannel(renamed(channel));
  }

  override deleteChannel(channel: DriverChannel) {
    return this.inner.deleteChannel(renamed(channel));
  }

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition) {
    return this.inner.ensureSubscription(renamedOf(subscription), start);
  }

  override deleteSubscription(subscription: DriverSubscription) {
    return this.inner.deleteSubscription(renamedOf(subscription));
  }

  override readonly detachSubscription = (subscription: DriverSubscription) =>
    this.inner.detachSubscription!(renamedOf(subscription));

  override publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined) {
    return this.inner.publish(renamed(channel), event, signal);
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions) {
    return this.inner.consume(renamedOf(subscription), handler, options);
  }

  override backlog(subscription: DriverSubscription) {
    return this.inner.backlog(renamedOf(subscription));
  }
}

function renamed(channel: DriverChannel): DriverChannel {
  return { ...channel, uid: `${channel.namespace}.${channel.name}` };
}

function renamedOf(subscription: DriverSubscription): DriverSubscription {
  return { ...subscription, channel: renamed(subscription.channel) };
}

export const namesChannelsByName: BrokenDriver = {
  fault: 'takes Channels of one namespace and name for one, whatever their UID',
  madeOf: 'in-memory',
  foundOutBy: ['channel/uid-tells-apart'],
  alsoFails: ['accounts/balance', 'accounts/terms', 'accounts/gone', 'detach/gives-way'],
  breakDriver: (inner) => new NamesChannelsByName(inner),
};
