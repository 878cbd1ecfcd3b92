import type {
  DriverChannel,
  DriverSubscription,
  PublishResult,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class WantsSubscribers extends WrappedDriver {
  private readonly subscribed = new Set<string>();

  override ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    this.subscribed.add(subscription.channel.uid);
    return this.inner.ensureSubscription(subscription, start);
  }

  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    if (result.outcome === 'refused' || this.subscribed.has(channel.uid)) return result;
    return { outcome: 'refused', code: 'unavailable', message: 'Nobody subscribes to this Channel' };
  }
}

export const wantsSubscribers: BrokenDriver = {
  fault: 'refuses events that nobody subscribes to',
  madeOf: 'in-memory',
  foundOutBy: ['publish/without-subscriptions'],
  breakDriver: (inner) => new WantsSubscribers(inner),
};
