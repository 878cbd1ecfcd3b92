import type { Channel, DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import { ChannelDeadLetters } from '../dead-letters/channel-dead-letters.js';
import type { DeadLetterLosses } from '../dead-letters/dead-letter-losses.js';
import {
  ChannelConsumptions,
  type ConsumedSubscription,
  type ConsumptionContext,
} from '../subscribers/channel-consumptions.js';
import {
  isDeliverable,
  readSubscribers,
  type PositionOwner,
  type SubscriberEntry,
} from '../subscribers/subscriber-entry.js';
import type { OpenStore } from './open-store.js';

/** What Channels need of their process. */
export interface HostedChannelContext extends ConsumptionContext {
  readonly losses: DeadLetterLosses;
}

/** One Channel of an open store, as far as this process is concerned. */
export class HostedChannel {
  /** As last seen: the arguments may change. */
  driverChannel: DriverChannel;
  readonly consumptions: ChannelConsumptions;
  readonly deadLetters: ChannelDeadLetters;
  /** True once the store has the Channel and the start positions of all its Subscriptions, by this process's own doing. */
  opened = false;
  /** True from the moment that the store does not know the Channel any more until this process has made everything again. */
  storeMissing = false;
  /** Largest event that the store takes, in bytes; undefined = only the intake's limit counts. */
  maxEventBytes: number | undefined;
  /** Most events that the store can hold at one time; undefined = as many as come. */
  maxQueuedEvents: number | undefined;
  /** Whose start position this process has fixed, by name, as last listed. */
  private readonly ensured = new Map<string, PositionOwner>();
  /** Those that are gone: served no more, and remembered until the store has forgotten them. */
  private readonly departed = new Map<string, PositionOwner>();

  constructor(
    channel: Channel,
    private readonly store: OpenStore,
    private readonly context: HostedChannelContext,
  ) {
    this.driverChannel = driverChannel(channel);
    this.deadLetters = new ChannelDeadLetters(store, () => this.driverChannel, context.losses);
    const source = { driver: store.driver, channel: () => this.driverChannel, deadLetters: this.deadLetters };
    this.consumptions = new ChannelConsumptions(source, context, (entry) => {
      this.ensured.delete(entry.name);
      context.onLost(this.driverChannel);
    });
  }

  /** Takes over what may have changed. */
  see(channel: Channel): void {
    this.driverChannel = driverChannel(channel);
  }

  driverSubscription({ name, uid }: Pick<PositionOwner, 'name' | 'uid'>): DriverSubscription {
    return { channel: this.driverChannel, name, uid: uid ?? name };
  }

  markEnsured(entry: SubscriberEntry): void {
    this.departed.delete(entry.name);
    this.ensured.set(entry.name, entry);
  }

  /** Whether this process has fixed the start position of this very Subscription, not only of a former one of its name. */
  isEnsured({ name, uid }: PositionOwner): boolean {
    const owner = this.ensured.get(name);
    return owner !== undefined && owner.uid === uid;
  }

  /** The Subscriptions that the store keeps something for, by this process's own doing. */
  keptPositions(): readonly PositionOwner[] {
    return [...this.ensured.values(), ...this.departed.values()];
  }

  /** What keeps the events is gone, and every position with it: all has to be ensured again. */
  loseStore(): void {
    if (this.storeMissing) return;
    this.storeMissing = true;
    this.ensured.clear();
    const { namespace, name: channel } = this.driverChannel;
    const message = 'The store has lost what keeps the events of a Channel, with what waited there; it is made again';
    this.context.logger.warn(message, { namespace, channel });
  }

  /** Serves the Subscription no more: one that is made anew under its name must be ensured again first. */
  depart(owner: PositionOwner): void {
    this.ensured.delete(owner.name);
    this.departed.set(owner.name, owner);
  }

  hasDeparted({ name }: PositionOwner): boolean {
    return this.departed.has(name);
  }

  /** The store has forgotten it. */
  forget({ name }: PositionOwner): void {
    this.departed.delete(name);
  }

  /** Of all that are or were served here, departed ones included. */
  subscriptionNames(): ReadonlySet<string> {
    const consumed = this.consumptions.active();
    return new Set([...consumed, ...this.keptPositions()].map(({ name }) => name));
  }

  /** Whether events may be published: for a durable store it is enough that some replica has opened the Channel. */
  takesEvents(channel: Channel): boolean {
    return this.opened || (this.store.capabilities.durable && isProvisioned(channel));
  }

  /** Consumes the subscribers that the Channel lists and whose start positions are fixed. */
  follow(channel: Channel): void {
    const readyUids = this.store.capabilities.durable ? readySubscribers(channel) : new Set<string>();
    const listed = readSubscribers(channel, this.store.capabilities);
    const entries = listed
      .filter(isDeliverable)
      .filter((entry) => this.isEnsured(entry) || (entry.uid !== undefined && readyUids.has(entry.uid)));
    this.consumptions.follow(entries);
    if (this.store.capabilities.durable) this.consumptions.letGo((owner) => isLeft(owner, listed, channel));
  }
}

/** Whether the leader takes a Subscription from the store, or has: of one that is only not listed, whose events wait, the status says otherwise. */
function isLeft({ name, uid }: ConsumedSubscription, listed: readonly SubscriberEntry[], { status }: Channel): boolean {
  const namesake = listed.find((entry) => entry.name === name);
  if (namesake) return (namesake.uid ?? name) !== uid;
  return !(status?.subscribers ?? []).some((known) => known.uid === uid && known.ready !== 'False');
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
