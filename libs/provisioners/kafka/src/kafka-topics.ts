import { sleep, type ChannelReport, type Clock, type DriverChannel } from '@millrace/eventing-api';
import kafkajs, { type Admin, type Cluster, type PartitionMetadata } from 'kafkajs';
import type { KafkaArguments } from './kafka-options.js';
import { describeError, faultOf } from './kafka-errors.js';
import { isUnknownTopic } from './kafka-refusals.js';
import type { AdminAccess, KafkaSession } from './kafka-session.js';
import { topicName } from './names.js';
import { maxEventBytes } from './record-size.js';
import { topicIdOf, type TopicId } from './topic-id.js';
import {
  configOfNew,
  driftOf,
  replicasIn,
  topicSettings,
  type FoundTopic,
  type TopicSettings,
} from './topic-settings.js';

/** What a publisher needs to know of a topic. */
export interface TopicInfo {
  readonly partitions: number;
  readonly maxMessageBytes: number;
}

const LIMIT_MS = 20_000;
const LOOK_LIMIT_MS = 5000;
/** How long the broker may take to make or remove a topic on all brokers. */
const BROKER_TIMEOUT_MS = 10_000;
const MAX_MESSAGE_BYTES = 'max.message.bytes';
/** Kafka's own default. */
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
/** How often a topic that was just made or deleted is looked for. */
const LOOKS = 50;
const LOOK_AGAIN_MS = 100;

/** Makes, finds and removes topics. */
export class KafkaTopics {
  private mostBrokers = 0;

  constructor(
    private readonly session: KafkaSession,
    private readonly defaults: KafkaArguments,
    private readonly clock: Clock,
  ) {}

  /**
   * Of the cluster, as far as is known here: the most that were seen at one time. One that is away for a while changes neither what a topic is to be like nor what a 202
   * survives.
   */
  async brokers(): Promise<number> {
    const what = 'The cluster cannot be described';
    await this.session.call(what, LOOK_LIMIT_MS - 1000, (access) => this.seeBrokers(access));
    return this.mostBrokers;
  }

  /** Makes the topic of a Channel, or finds it and lets it grow. */
  async ensure(channel: DriverChannel): Promise<ChannelReport & { readonly info: TopicInfo }> {
    const topic = topicName(channel);
    const settings = topicSettings(channel, this.defaults);
    return this.session.call(`Topic ${topic} cannot be ensured`, LIMIT_MS, async (access) => {
      const there = await this.seeBrokers(access);
      const known = await find(access, topic, settings);
      // It has replicas on brokers that are away now.
      this.mostBrokers = Math.max(this.mostBrokers, known?.replicationFactor ?? 0);
      const replicas = replicasIn(this.mostBrokers, settings);
      let found = known ?? (await this.make(access, topic, settings, { replicas, there }));
      if (settings.asksForPartitions && found.partitions < settings.numPartitions) {
        await grow(access.admin, topic, settings.numPartitions);
        found = { ...found, partitions: settings.numPartitions };
      }
      const info = { partitions: found.partitions, maxMessageBytes: maxMessageBytesOf(found) };
      const drift = driftOf(settings, found, replicas);
      const report = { store: { topic }, drift, isNew: known === undefined };
      return { ...report, maxEventBytes: maxEventBytes(info.maxMessageBytes), info };
    });
  }

  private async make(
    access: AdminAccess,
    topic: string,
    settings: TopicSettings,
    { replicas, there }: { readonly replicas: number; readonly there: number },
  ): Promise<FoundTopic> {
    await create(access.admin, topic, settings, replicas).catch((error: unknown) => {
      const fewer = replicasIn(there, settings);
      if (faultOf(error).type !== 'INVALID_REPLICATION_FACTOR' || fewer >= replicas) throw error;
      return create(access.admin, topic, settings, fewer);
    });
    const made = await this.lookUntil(
      () => find(access, topic, settings),
      (found) => found !== undefined,
    );
    if (!made) throw new Error('it was made, and no broker knows it');
    return made;
  }

  /** Returns how many are there now. */
  private async seeBrokers({ admin }: AdminAccess): Promise<number> {
    const { brokers } = await admin.describeCluster();
    this.mostBrokers = Math.max(this.mostBrokers, brokers.length);
    return brokers.length;
  }

  /** Brokers hear of what was made or deleted one after the other. */
  private async lookUntil<T>(look: () => Promise<T>, isSeen: (seen: T) => boolean): Promise<T> {
    for (let looks = 1; ; looks++) {
      const seen = await look();
      if (isSeen(seen) || looks === LOOKS) return seen;
      await sleep(this.clock, LOOK_AGAIN_MS);
    }
  }

  /** Undefined where there is no such topic. */
  look(channel: DriverChannel): Promise<TopicInfo | undefined> {
    const topic = topicName(channel);
    return this.session.call(`Topic ${topic} cannot be looked up`, LOOK_LIMIT_MS, async (access) => {
      const found = await find(access, topic);
      return found && { partitions: found.partitions, maxMessageBytes: maxMessageBytesOf(found) };
    });
  }

  /** Undefined where there is no such topic. */
  idOf(topic: string): Promise<TopicId | undefined> {
    return this.session.call(`Topic ${topic} cannot be looked up`, LOOK_LIMIT_MS, ({ cluster }) =>
      topicIdOf(cluster, topic),
    );
  }

  /** A topic that is not there is a success. */
  delete(channel: DriverChannel): Promise<void> {
    const topic = topicName(channel);
    return this.session.call(`Topic ${topic} cannot be deleted`, LIMIT_MS, async ({ admin, cluster }) => {
      if (!(await partitionsOf(cluster, topic))) return;
      await admin.deleteTopics({ topics: [topic], timeout: BROKER_TIMEOUT_MS }).catch((error: unknown) => {
        if (!isUnknownTopic(error)) throw error;
      });
      // Else it would be found again, with all that was in it, by whoever ensures it now.
      await this.lookUntil(
        () => partitionsOf(cluster, topic),
        (partitions) => partitions === undefined,
      );
    });
  }
}

async function partitionsOf(cluster: Cluster, topic: string): Promise<readonly PartitionMetadata[] | undefined> {
  await cluster.connect();
  await cluster.refreshMetadataIfNecessary();
  const broker = await cluster.findControllerBroker();
  try {
    const { topicMetadata } = await broker.metadata([topic]);
    return topicMetadata[0]?.partitionMetadata;
  } catch (error) {
    if (isUnknownTopic(error)) return undefined;
    throw error;
  }
}

async function find(
  { admin, cluster }: AdminAccess,
  topic: string,
  settings?: TopicSettings,
): Promise<FoundTopic | undefined> {
  const partitions = await partitionsOf(cluster, topic);
  if (!partitions) return undefined;
  const configNames = [MAX_MESSAGE_BYTES, ...Object.keys(settings?.config ?? {})];
  const config = await describe(admin, topic, configNames);
  return config && { partitions: partitions.length, replicationFactor: partitions[0]?.replicas.length ?? 0, config };
}

async function describe(admin: Admin, topic: string, configNames: string[]) {
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames }];
  try {
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entries = described.resources[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    if (isUnknownTopic(error)) return undefined;
    // Not everybody who may publish may read settings: then Kafka's own default is what is known.
    if (faultOf(error).type === 'TOPIC_AUTHORIZATION_FAILED' && configNames.length === 1) return {};
    throw error;
  }
}

async function create(admin: Admin, topic: string, settings: TopicSettings, replicationFactor: number): Promise<void> {
  const config = configOfNew(settings, replicationFactor);
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const wanted = { topic, numPartitions: settings.numPartitions, replicationFactor, configEntries };
  try {
    await admin.createTopics({ topics: [wanted], waitForLeaders: true, timeout: BROKER_TIMEOUT_MS });
  } catch (error) {
    // A broker that has not heard of the topic yet says so, although it is being made.
    if (!isUnknownTopic(error)) throw error;
  }
}

async function grow(admin: Admin, topic: string, count: number): Promise<void> {
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count }], timeout: BROKER_TIMEOUT_MS });
  } catch (error) {
    // Another process was faster.
    if (faultOf(error).type !== 'INVALID_PARTITIONS') throw new Error(describeError(error), { cause: error });
  }
}

function maxMessageBytesOf({ config }: FoundTopic): number {
  return Number(config[MAX_MESSAGE_BYTES] ?? DEFAULT_MAX_MESSAGE_BYTES);
}
