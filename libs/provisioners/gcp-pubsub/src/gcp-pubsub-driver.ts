import type {
  Backlog,
  ChannelDriver,
  ChannelReport,
  ConsumeOptions,
  Consumption,
  DriverChannel,
  DriverContext,
  DriverSubscription,
  Durability,
  EventHandler,
  Health,
  PublishResult,
  StartPosition,
  StoredEvent,
} from '@millrace/eventing-api';
import { GcpPubSubConsumption } from './gcp-pubsub-consumption.js';
import { channelOptions, type GcpPubSubOptions } from './gcp-pubsub-options.js';
import { GcpPubSubPublisher } from './gcp-pubsub-publisher.js';
import { refusal, storeError } from './gcp-pubsub-refusals.js';
import { MAX_EVENT_BYTES } from './message-mapping.js';
import { subscriptionName, subscriptionPrefix, topicName } from './names.js';
import { PubSubClients } from './pubsub-clients.js';
import { StoreHealth } from './store-health.js';
import { Subscriptions } from './subscriptions.js';
import { Topics } from './topics.js';

const CLOSED = 'The store is closed';

/** Keeps the events of its Channels in one project of Google Cloud Pub/Sub: a topic for each Channel, a subscription for each Subscription. */
export class GcpPubSubDriver implements ChannelDriver {
  private readonly clients: PubSubClients;
  private readonly publisher: GcpPubSubPublisher;
  private readonly topics: Topics;
  private readonly subscriptions: Subscriptions;
  private readonly storeHealth: StoreHealth;
  /** By the name of the subscription. */
  private readonly consumptions = new Map<string, GcpPubSubConsumption>();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: GcpPubSubOptions,
    private readonly context: DriverContext,
  ) {
    this.clients = new PubSubClients(options);
    this.publisher = new GcpPubSubPublisher(this.clients.main, context.clock);
    this.topics = new Topics(this.clients.main, !options.isEmulator);
    this.subscriptions = new Subscriptions(this.clients.main, options, context);
    this.storeHealth = new StoreHealth(this.clients.main, context.clock);
  }

  async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    this.assertOpen();
    const ensured = await this.topics.ensure(channel, channelOptions(channel, this.options.isEmulator));
    const store = { project: this.options.project, topic: topicName(channel) };
    return { store, ...ensured, maxEventBytes: MAX_EVENT_BYTES };
  }

  async deleteChannel(channel: DriverChannel): Promise<void> {
    this.assertOpen();
    try {
      await this.topics.delete(channel);
    } catch (error) {
      throw storeError(`Topic ${topicName(channel)} could not be deleted`, error);
    }
    for (const [name, consumption] of this.consumptions) {
      if (name.startsWith(subscriptionPrefix(channel))) consumption.takeAway(new Error('Its Channel was deleted'));
    }
  }

  async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    this.assertOpen();
    const { retentionSeconds } = channelOptions(subscription.channel, this.options.isEmulator);
    await this.subscriptions.ensure(subscription, start, retentionSeconds);
  }

  async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    this.assertOpen();
    await this.subscriptions.delete(subscription);
    this.consumptions.get(subscriptionName(subscription))?.takeAway(new Error('It was deleted'));
  }

  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    if (this.closing) return Promise.resolve(refusal('unavailable', CLOSED));
    return this.publisher.publish(topicName(channel), event, signal);
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    this.assertOpen();
    const name = subscriptionName(subscription);
    const consumption = new GcpPubSubConsumption(subscription, handler, options, {
      subscriptionName: name,
      ackDeadlineSeconds: this.options.ackDeadlineSeconds,
      client: this.clients.forConsumption(),
      ...this.context,
    });
    this.consumptions.set(name, consumption);
    const forget = () => {
      if (this.consumptions.get(name) === consumption) this.consumptions.delete(name);
    };
    consumption.closed.then(forget, forget);
    return consumption;
  }

  // Only Cloud Monitoring knows, minutes late.
  backlog(): Promise<Backlog | undefined> {
    if (this.closing) return Promise.reject(new Error(CLOSED));
    return Promise.resolve(undefined);
  }

  durability(): Promise<Durability> {
    if (this.closing) return Promise.reject(new Error(CLOSED));
    return Promise.resolve(
      this.options.isEmulator
        ? { level: 'Volatile', message: 'The Pub/Sub emulator keeps events in memory' }
        : {
            level: 'Replicated',
            message: 'Google Cloud Pub/Sub replicates an event to several zones of a region before it acknowledges it',
          },
    );
  }

  health(): Promise<Health> {
    return this.closing ? Promise.resolve({ status: 'down', message: CLOSED }) : this.storeHealth.current();
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const now = AbortSignal.abort();
    await Promise.all([...this.consumptions.values()].map((consumption) => consumption.stop(now)));
    await this.clients.close();
  }

  private assertOpen(): void {
    if (this.closing) throw new Error(CLOSED);
  }
}
