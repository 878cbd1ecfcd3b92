import type { DeadLetterPlace } from '@millrace/delivery';
import type { Capabilities, ChannelDriver, DriverChannel } from '@millrace/eventing-api';
import { deadLetterChannel, deadLetterReader } from './dead-letter-channel.js';
import type { DeadLetterLosses } from './dead-letter-losses.js';
import { DriverDeadLetterPlace } from './driver-dead-letter-place.js';

/** What the dead letters of a Channel need of its store. */
export interface DeadLetterStore {
  readonly driver: ChannelDriver;
  readonly capabilities: Capabilities;
}

/** The dead letters of the Subscriptions of one Channel, by name of the Subscription. */
export class ChannelDeadLetters {
  private readonly places = new Map<string, DriverDeadLetterPlace>();

  /** @param channel as it is now */
  constructor(
    private readonly store: DeadLetterStore,
    private readonly channel: () => DriverChannel,
    private readonly losses: DeadLetterLosses,
  ) {}

  /** Undefined where the store keeps none: it cannot, or its producers are told of failures instead. */
  placeOf(subscription: string): DeadLetterPlace | undefined {
    if (!this.areKept) return undefined;
    const { driver, capabilities } = this.store;
    let place = this.places.get(subscription);
    if (!place) {
      const channel = () => deadLetterChannel(this.channel(), subscription);
      place = new DriverDeadLetterPlace(driver, channel, !capabilities.durable);
      this.places.set(subscription, place);
    }
    return place;
  }

  /** How many letters wait; undefined where there never was one, or the store cannot tell. Rejects where it does not answer. */
  async waiting(subscription: string): Promise<number | undefined> {
    if (!this.areKept) return undefined;
    const reader = deadLetterReader(deadLetterChannel(this.channel(), subscription));
    return (await this.store.driver.backlog(reader))?.pending;
  }

  /** Deletes the letters of a Subscription that does not come back. Idempotent. */
  async delete(subscription: string): Promise<void> {
    if (!this.areKept) return;
    const place = this.places.get(subscription);
    // At once: whatever fails from here on, a Subscription that is made anew gets a place of its own.
    this.places.delete(subscription);
    await place?.end();
    const lost = await this.waiting(subscription).catch(() => undefined);
    await this.store.driver.deleteChannel(deadLetterChannel(this.channel(), subscription));
    const { namespace, name } = this.channel();
    if (lost) this.losses.note({ namespace, channel: name, subscription }, lost);
  }

  private get areKept(): boolean {
    return this.store.capabilities.deadLetters;
  }
}
