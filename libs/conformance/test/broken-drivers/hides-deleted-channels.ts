import type {
  ChannelReport,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  PublishResult,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedConsumption, WrappedDriver } from './wrapped-driver.js';

class HidesDeletedChannels extends WrappedDriver {
  private readonly hidden = new Set<string>();
  private readonly consumptions: { readonly key: string; readonly consumption: RevocableConsumption }[] = [];

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const report = await this.inner.ensureChannel(channel);
    this.hidden.delete(keyOf(channel));
    return report;
  }

  override async deleteChannel(channel: DriverChannel): Promise<void> {
    // Asks only whether the store is there.
    await this.inner.backlog({ channel, name: 'any', uid: 'any' });
    this.hidden.add(keyOf(channel));
    for (const { key, consumption } of this.consumptions) if (key === keyOf(channel)) consumption.revoke();
  }

  override async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    if (this.hidden.has(keyOf(subscription.channel))) throw new Error('The Channel is not there');
    await this.inner.ensureSubscription(subscription, start);
  }

  override publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    if (!this.hidden.has(keyOf(channel))) return this.inner.publish(channel, event, signal);
    return Promise.resolve({ outcome: 'refused', code: 'not-found', message: 'The Channel is not there' });
  }

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const consumption = new RevocableConsumption(this.inner.consume(subscription, handler, options));
    this.consumptions.push({ key: keyOf(subscription.channel), consumption });
    return consumption;
  }
}

/** Ends as one does whose Channel is gone. */
class RevocableConsumption extends WrappedConsumption {
  private readonly revocation = Promise.withResolvers<never>();
  private readonly end: Promise<void>;

  constructor(inner: Consumption) {
    super(inner);
    this.end = Promise.race([inner.closed, this.revocation.promise]);
    this.end.catch(() => {});
  }

  override get closed(): Promise<void> {
    return this.end;
  }

  revoke(): void {
    this.revocation.reject(new Error('The Channel was deleted'));
    void this.inner.stop(AbortSignal.abort());
  }
}

function keyOf({ purpose, uid }: DriverChannel): string {
  return `${purpose}/${uid}`;
}

export const hidesDeletedChannels: BrokenDriver = {
  fault: 'hides a Channel that is deleted, with all that it keeps, until it is ensured again',
  madeOf: 'log',
  foundOutBy: ['channel/delete-empties', 'durability/report-new'],
  breakDriver: (inner) => new HidesDeletedChannels(inner),
};
