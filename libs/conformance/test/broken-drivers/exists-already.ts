import type { ChannelReport, DriverChannel, DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ExistsAlready extends WrappedDriver {
  private readonly made = new Set<string>();

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    this.once(`${channel.purpose}/${channel.uid}`);
    return this.inner.ensureChannel(channel);
  }

  override async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    await this.inner.ensureSubscription(subscription, start);
    this.once(`${subscription.channel.uid}/${subscription.name}/${subscription.uid}`);
  }

  override async deleteChannel(channel: DriverChannel): Promise<void> {
    await this.inner.deleteChannel(channel);
    this.made.delete(`${channel.purpose}/${channel.uid}`);
  }

  override deleteSubscription(subscription: DriverSubscription): Promise<void> {
    this.made.delete(`${subscription.channel.uid}/${subscription.name}/${subscription.uid}`);
    return this.inner.deleteSubscription(subscription);
  }

  private once(key: string): void {
    if (this.made.has(key)) throw new Error(`${key} exists already`);
    this.made.add(key);
  }
}

export const existsAlready: BrokenDriver = {
  fault: 'takes it for an error that what is to be made exists',
  madeOf: 'in-memory',
  foundOutBy: ['twice/ensure-channel', 'twice/ensure-subscription'],
  alsoFails: [
    'channel/ensure-again-keeps-events',
    'channel/report-without-drift',
    'subscription/ensure-again-keeps-position',
    'subscription/now-leaves-out-the-past',
  ],
  breakDriver: (inner) => new ExistsAlready(inner),
};
