import type { ChannelReport, DriverChannel, DriverSubscription, StartPosition } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class SecondEnsureWipes extends WrappedDriver {
  private readonly subscriptions = new Map<string, DriverSubscription>();

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    await this.inner.deleteChannel(channel);
    const report = await this.inner.ensureChannel(channel);
    for (const subscription of this.subscriptions.values()) {
      if (subscription.channel.uid !== channel.uid || subscription.channel.purpose !== channel.purpose) continue;
      await this.inner.ensureSubscription(subscription, 'now');
    }
    return report;
  }

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    const { channel, name } = subscription;
    this.subscriptions.set(`${channel.purpose}/${channel.uid}/${name}`, subscription);
    return this.inner.ensureSubscription(subscription, start);
  }
}

export const secondEnsureWipes: BrokenDriver = {
  fault: 'makes a Channel anew, and empty, whenever it is ensured',
  madeOf: 'in-memory',
  foundOutBy: ['channel/ensure-again-keeps-events'],
  breakDriver: (inner) => new SecondEnsureWipes(inner),
};
