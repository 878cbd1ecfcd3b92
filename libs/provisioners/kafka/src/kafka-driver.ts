import {
  sleep,
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
import { BacklogReader } from './backlog-reader.js';
import { ConsumerGroups } from './consumer-groups.js';
import { durabilityOf } from './durability.js';
import { HealthProbe } from './health-probe.js';
import { KafkaClients } from './kafka-clients.js';
import { KafkaConsumption } from './consumption/kafka-consumption.js';
import type { KafkaOptions } from './kafka-options.js';
import { KafkaPublisher } from './publishing/kafka-publisher.js';
import { KafkaSession } from './kafka-session.js';
import { KafkaTopics } from './kafka-topics.js';
import { groupName, topicName } from './names.js';

const CLOSED = 'The store is closed';
/** What `close` may take. */
const CLOSE_MS = 2000;

/** Keeps the events of a Channel in a topic, and the positions of its Subscriptions in consumer groups. */
export class KafkaDriver implements ChannelDriver {
  private readonly clients: KafkaClients;
  private readonly session: KafkaSession;
  private readonly offsetSession: KafkaSession;
  private readonly topics: KafkaTopics;
  private readonly groups: ConsumerGroups;
  private readonly publisher: KafkaPublisher;
  private readonly backlogs: BacklogReader;
  private readonly probe: HealthProbe;
  /** What is consumed here, by group. */
  private readonly consumptions = new Map<string, KafkaConsumption>();
  private closed = false;

  constructor(
    private readonly options: KafkaOptions,
    private readonly context: DriverContext,
  ) {
    const { clock } = context;
    this.clients = new KafkaClients(options, context);
    this.session = new KafkaSession(this.clients, clock);
    this.offsetSession = new KafkaSession(this.clients, clock);
    this.topics = new KafkaTopics(this.session, options.channelDefaults, clock);
    this.groups = new ConsumerGroups(this.session, this.offsetSession, clock);
    this.publisher = new KafkaPublisher(options, { clients: this.clients, topics: this.topics, clock });
    this.backlogs = new BacklogReader(this.groups, clock);
    this.probe = new HealthProbe(this.session, clock);
  }

  async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const { info, ...report } = await this.topics.ensure(channel);
    this.publisher.learn(channel, info);
    return report;
  }

  async deleteChannel(channel: DriverChannel): Promise<void> {
    this.checkOpen();
    await this.topics.delete(channel);
    this.publisher.forget(channel);
    await this.endConsumptionsOf(topicName(channel));
    await this.groups.deleteAll(channel);
  }

  ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    return this.groups.ensure(subscription, start);
  }

  async deleteSubscription(subscription: DriverSubscription): Promise<void> {
    this.checkOpen();
    const consumption = this.consumptions.get(groupName(subscription));
    await consumption?.takeAway(new Error(`Subscription ${subscription.name} was deleted`));
    await this.groups.delete(subscription);
  }

  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    return this.publisher.publish(channel, event, signal);
  }

  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    this.checkOpen();
    const groupId = groupName(subscription);
    if (this.consumptions.has(groupId)) throw new Error(`Subscription ${subscription.name} is consumed already`);
    const { sessionTimeoutMs } = this.options;
    const consumption = new KafkaConsumption(
      { topic: topicName(subscription.channel), groupId, sessionTimeoutMs },
      handler,
      options,
      {
        ...this.context,
        clients: this.clients,
        positions: () => this.groups.positions(subscription),
        topicId: (topic) => this.topics.idOf(topic),
        onEnd: () => this.consumptions.delete(groupId),
      },
    );
    this.consumptions.set(groupId, consumption);
    return consumption;
  }

  async backlog(subscription: DriverSubscription): Promise<Backlog | undefined> {
    this.checkOpen();
    return this.backlogs.read(subscription, this.consumptions.get(groupName(subscription)));
  }

  async durability(): Promise<Durability | undefined> {
    return durabilityOf(this.options.channelDefaults, await this.topics.brokers());
  }

  health(): Promise<Health> {
    return this.closed ? Promise.resolve({ status: 'down', message: CLOSED }) : this.probe.read();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.publisher.close();
    const consumptions = [...this.consumptions.values()];
    const now = AbortSignal.abort();
    const ends = Promise.all(consumptions.map((consumption) => consumption.stop(now)));
    await Promise.race([ends, sleep(this.context.clock, CLOSE_MS)]);
    this.session.close();
    this.offsetSession.close();
    this.clients.close();
  }

  /** Consumptions of other processes find out by themselves. */
  private async endConsumptionsOf(topic: string): Promise<void> {
    const lost = [...this.consumptions.values()].filter((consumption) => consumption.topic === topic);
    await Promise.all(lost.map((consumption) => consumption.takeAway(new Error(`Topic ${topic} was deleted`))));
  }

  private checkOpen(): void {
    if (this.closed) throw new Error(CLOSED);
  }
}
