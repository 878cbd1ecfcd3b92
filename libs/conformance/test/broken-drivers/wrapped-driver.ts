import type {
  Backlog,
  ChannelDriver,
  ChannelReport,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  Durability,
  Health,
  PublishResult,
  StartPosition,
  StoredEvent,
  SubscriptionAccount,
} from '@millrace/eventing-api';

/** Does what the driver inside does. Those that break something override it. */
export class WrappedDriver implements ChannelDriver {
  readonly detachSubscription?: (subscription: DriverSubscription) => Promise<void>;
  readonly accounts?: () => Iterable<SubscriptionAccount>;

  constructor(protected readonly inner: ChannelDriver) {
    if (inner.detachSubscription) this.detachSubscription = (subscription) => inner.detachSubscription!(subscription);
    if (inner.accounts) this.accounts = () => inner.accounts!();
  }

  ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    return this.inner.ensureChannel(channel);
  }

  deleteChannel(channel: DriverChannel): Promise<void> {
    return this.inner.deleteChannel(channel);
  }

  ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    return this.inner.ensureSubscription(subscription, start);
  }

  deleteSubscription(subscription: DriverSubscription): Promise<void> {
    return this.inner.deleteSubscription(subscription);
  }

  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    return this.inner.publish(channel, event, signal);
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    return this.inner.consume(subscription, handler, options);
  }

  backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    return this.inner.backlog(subscription);
  }

  durability(): Promise<Durability | undefined> {
    return this.inner.durability();
  }

  health(): Promise<Health> {
    return this.inner.health();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Does what the consumption inside does. */
export class WrappedConsumption implements Consumption {
  constructor(protected readonly inner: Consumption) {}

  get closed(): Promise<void> {
    return this.inner.closed;
  }

  pause(): void {
    this.inner.pause();
  }

  resume(): void {
    this.inner.resume();
  }

  update(options: ConsumeOptions): void {
    this.inner.update(options);
  }

  stop(deadline: AbortSignal): Promise<void> {
    return this.inner.stop(deadline);
  }
}
