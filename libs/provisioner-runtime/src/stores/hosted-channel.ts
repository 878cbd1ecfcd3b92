import type { Channel, DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import { ChannelConsumptions, type ConsumptionContext } from '../subscribers/channel-consumptions.js';
import { isDeliverable, readSubscribers, type SubscriberEntry } from '../subscribers/subscriber-entry.js';
import type { OpenStore } from './open-store.js';

/** One Channel of an open store, as far as this process is concerned. */
export class HostedChannel {
  /** As last seen: the arguments may change. */
  driverChannel: DriverChannel;
  readonly consumptions: ChannelConsumptions;
  /** True once the store has the Channel and the start positions of all its Subscriptions, by this process's own doing. */
  opened = false;
  /** Largest event that the store takes, in bytes; undefined = only the intake's limit counts. */
  maxEventBytes: number | undefined;
  /** Subscriptions whose start position this process has fixed, by name, as last listed. */
  private readonly ensured = new Map<string, SubscriberEntry>();
  /** Subscriptions that the store is being asked to forget: served no more, and remembered until it has. */
  private readonly leaving = new Map<string, SubscriberEntry>();

  constructor(
    channel: Channel,
    private readonly store: OpenStore,
    context: ConsumptionContext,
  ) {
    this.driverChannel = driverChannel(channel);
    this.consumptions = new ChannelConsumptions(store.driver, this.driverChannel, context, (entry) => {
      this.ensured.delete(entry.name);
      context.onLost(this.driverChannel);
    });
  }

  /** Takes over what may have changed. */
  see(channel: Channel): void {
    this.driverChannel = driverChannel(channel);
  }

  driverSubscription(entry: SubscriberEntry): DriverSubscription {
    return { channel: this.driverChannel, name: entry.name, uid: entry.uid ?? entry.name };
  }

  markEnsured(entry: SubscriberEntry): void {
    this.leaving.delete(entry.name);
    this.ensured.set(entry.name, entry);
  }

  isEnsured(entry: SubscriberEntry): boolean {
    return this.ensured.has(entry.name);
  }

  /** The Subscriptions that the store keeps something for, by this process's own doing. */
  keptEntries(): readonly SubscriberEntry[] {
    return [...this.ensured.values(), ...this.leaving.values()];
  }

  /** Serves the Subscription no more: one that is made anew under its name must be ensured again first. */
  beginToForget(entry: SubscriberEntry): void {
    this.ensured.delete(entry.name);
    this.leaving.set(entry.name, entry);
  }

  /** The store has forgotten it. */
  forget(entry: SubscriberEntry): void {
    this.leaving.delete(entry.name);
  }

  /** Whether events may be published: for a durable store it is enough that some replica has opened the Channel. */
  takesEvents(channel: Channel): boolean {
    return this.opened || (this.store.capabilities.durable && isProvisioned(channel));
  }

  /** Consumes the subscribers that the Channel lists and whose start positions are fixed. */
  follow(channel: Channel): void {
    const readyUids = this.store.capabilities.durable ? readySubscribers(channel) : new Set<string>();
    const entries = readSubscribers(channel, this.store.capabilities)
      .filter(isDeliverable)
      .filter((entry) => this.isEnsured(entry) || (entry.uid !== undefined && readyUids.has(entry.uid)));
    this.consumptions.follow(entries);
  }
}

/** The Channel in the words of the plugin contract. */
export function driverChannel(channel: Channel): DriverChannel {
  const { namespace = '', name = '', uid = '' } = channel.metadata;
  return { namespace, name, uid, purpose: 'events', arguments: channel.spec?.arguments ?? {} };
}

function isProvisioned(channel: Channel): boolean {
  return channel.status?.conditions?.some(({ type, status }) => type === 'Provisioned' && status === 'True') ?? false;
}

function readySubscribers(channel: Channel): Set<string> {
  const subscribers = channel.status?.subscribers ?? [];
  return new Set(subscribers.filter(({ ready }) => ready === 'True').map(({ uid }) => uid));
}
