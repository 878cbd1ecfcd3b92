import {
  within,
  type Backlog,
  type ChannelDriver,
  type ChannelReport,
  type ConsumeOptions,
  type Consumption,
  type DriverChannel,
  type DriverContext,
  type DriverSubscription,
  type Durability,
  type EventHandler,
  type Health,
  type PublishResult,
  type StartPosition,
  type StoredEvent,
} from '@millrace/eventing-api';
import { Acknowledger } from './acknowledger.js';
import { ChannelPlaces, subjectOf, unknownChannel } from './publishing/channel-places.js';
import { ChannelStreams } from './channel-streams.js';
import { checkConsumerRights } from './consumer-rights.js';
import { eventBytes, maxEventBytesOf, toHeaders } from './message-mapping.js';
import { streamName } from './names.js';
import { NatsConsumption, type ConsumptionServices } from './consumption/nats-consumption.js';
import { streamSettings, type NatsOptions } from './nats-options.js';
import { NatsPublisher } from './publishing/nats-publisher.js';
import { outOfTime, refuse } from './nats-refusals.js';
import { OwnershipStore } from './ownership/ownership-store.js';
import type { StoreConnection } from './store-connection.js';
import { durabilityOf } from './store-durability.js';
import { NATS_SILENT } from './store-error.js';
import { StoreHealth } from './store-health.js';
import { SubscriptionDurables } from './subscription-durables.js';
import type { Deadline } from './time-limits.js';

const BACKLOG_LIMIT_MS = 1_800;

/** The contract gives a publish without a signal 10 s; the publisher may be late by a turn of its sweep. */
const PUBLISH_LIMIT_MS = 9_500;

/** Keeps the events of each Channel in a JetStream stream of its own. */
export class NatsDriver implements ChannelDriver {
  private readonly streams: ChannelStreams;
  private readonly durables: SubscriptionDurables;
  private readonly owners: OwnershipStore;
  private readonly publisher: NatsPublisher;
  private readonly acknowledger: Acknowledger;
  private readonly storeHealth: StoreHealth;
  private readonly places: ChannelPlaces;
  private readonly consumptions = new Set<NatsConsumption>();

  constructor(
    private readonly connection: StoreConnection,
    private readonly options: NatsOptions,
    private readonly context: DriverContext,
  ) {
    this.streams = new ChannelStreams(connection, options);
    this.places = new ChannelPlaces(this.streams, context.clock);
    this.durables = new SubscriptionDurables(connection, options.ackWaitMs);
    this.owners = new OwnershipStore(connection, context);
    this.publisher = new NatsPublisher(connection, context.clock);
    this.acknowledger = new Acknowledger(connection, context.clock);
    this.storeHealth = new StoreHealth(connection, context.clock);
  }

  async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const { report, partitions } = await this.streams.ensure(channel);
    this.places.learn(channel, partitions);
    return report;
  }

  async deleteChannel(channel: DriverChannel): Promise<void> {
    this.places.forget(channel);
    await this.streams.delete(channel);
  }

  async ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    const { channel } = subscription;
    const partitions = await this.streams.partitionsOf(channel);
    if (partitions === undefined) throw unknownChannel(channel);
    await this.owners.ensure(this.replicasOf(channel));
    await this.durables.ensure(subscription, partitions, start);
    await checkConsumerRights(this.connection, this.context.clock, subscription);
  }

  async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    const partitions = await this.streams.partitionsOf(subscription.channel);
    if (partitions !== undefined) await this.durables.delete(subscription, partitions);
  }

  async publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    const bytes = eventBytes(event);
    const refusal = this.refusalBeforehand(bytes, signal);
    if (refusal) return refusal;
    const deadline: Deadline = { atMs: this.context.clock.now() + PUBLISH_LIMIT_MS, signal };
    const place = this.places.known(channel) ?? (await this.places.find(channel, deadline));
    if ('outcome' in place) return place;
    const subject = subjectOf(place, event.partitionKey);
    const headers = toHeaders(event, this.publisher.newMessageId());
    const sent = await this.publisher.send({ subject, headers, body: event.body, bytes }, deadline);
    return sent.outcome === 'nobody' ? this.explainNobody(channel, deadline) : sent;
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    if (this.connection.isClosed) throw new Error('The store is closed');
    this.owners.want(this.replicasOf(subscription.channel));
    const consumption = new NatsConsumption(subscription, handler, options, this.consumptionServices());
    this.consumptions.add(consumption);
    const forget = () => this.consumptions.delete(consumption);
    consumption.closed.then(forget, forget);
    return consumption;
  }

  async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    return within(this.context.clock, BACKLOG_LIMIT_MS, this.askBacklog(subscription), NATS_SILENT);
  }

  durability(): Promise<Durability | undefined> {
    if (this.connection.isClosed) return Promise.resolve(undefined);
    return Promise.resolve(durabilityOf(streamSettings('events', {}, this.options.stream)));
  }

  health(): Promise<Health> {
    return this.storeHealth.check();
  }

  async close(): Promise<void> {
    for (const consumption of [...this.consumptions]) consumption.takeAway('The store was closed');
    this.publisher.close();
    this.acknowledger.close();
    await this.connection.close();
  }

  private async askBacklog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    const partitions = await this.streams.partitionsOf(subscription.channel);
    return partitions === undefined ? undefined : this.durables.backlog(subscription, partitions);
  }

  private replicasOf({ purpose, arguments: own }: DriverChannel): number {
    return streamSettings(purpose, own, this.options.stream).replicas;
  }

  private consumptionServices(): ConsumptionServices {
    const { connection, acknowledger, owners, options, context } = this;
    return {
      connection,
      acknowledger,
      owners,
      clock: context.clock,
      logger: context.logger,
      ackWaitMs: options.ackWaitMs,
      partitionsOf: ({ channel }) => this.streams.partitionsOf(channel),
      stateOf: (subscription, partition) => this.durables.state(subscription, partition),
    };
  }

  private refusalBeforehand(bytes: number, signal: AbortSignal | undefined): PublishResult | undefined {
    const away = this.connection.whyAway;
    if (away !== undefined) return refuse('unavailable', away);
    if (signal?.aborted) return outOfTime();
    const limit = maxEventBytesOf(this.connection.maxPayloadBytes ?? Infinity);
    if (bytes <= limit) return undefined;
    return refuse('too-large', `The event has ${bytes} bytes; the NATS server takes ${limit}`);
  }

  /** No stream takes the subject: the Channel is gone, or the stream has no leader now. */
  private async explainNobody(channel: DriverChannel, deadline: Deadline): Promise<PublishResult> {
    this.places.forget(channel);
    const place = await this.places.find(channel, deadline);
    return 'outcome' in place ? place : refuse('unavailable', `Stream ${streamName(channel)} does not answer`);
  }
}
