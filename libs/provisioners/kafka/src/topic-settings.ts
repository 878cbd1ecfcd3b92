import { durationMs, type DriverChannel } from '@millrace/eventing-api';
import type { KafkaArguments } from './kafka-options.js';

/** What a topic is to be like. */
export interface TopicSettings {
  readonly numPartitions: number;
  /** Undefined: as many as suit the cluster. */
  readonly replicationFactor: number | undefined;
  /** Settings of the topic, by Kafka's names. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether the Channel itself asks for so many partitions: then the topic is made to grow. */
  readonly asksForPartitions: boolean;
}

/** A topic as it was found. */
export interface FoundTopic {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

const DEFAULT_PARTITIONS = 4;
const DEFAULT_REPLICAS = 3;

/** What a Channel asks for, over what its provisioner does. Dead letters are few, kept in one order, and until somebody takes them away. */
export function topicSettings(channel: DriverChannel, defaults: KafkaArguments): TopicSettings {
  const given: KafkaArguments = channel.arguments;
  const replicationFactor = given.replicationFactor ?? defaults.replicationFactor;
  const topicConfig = { ...defaults.topicConfig, ...given.topicConfig };
  if (channel.purpose === 'dead-letters') {
    const config = { ...topicConfig, 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };
    return { numPartitions: 1, replicationFactor, config, asksForPartitions: false };
  }
  const retention = given.retention ?? defaults.retention;
  return {
    numPartitions: given.numPartitions ?? defaults.numPartitions ?? DEFAULT_PARTITIONS,
    replicationFactor,
    config: { ...topicConfig, ...(retention === undefined ? {} : { 'retention.ms': String(durationMs(retention)) }) },
    asksForPartitions: given.numPartitions !== undefined,
  };
}

/** How many replicas a new topic gets in a cluster of so many brokers. */
export function replicasIn(brokers: number, settings: TopicSettings): number {
  return settings.replicationFactor ?? Math.min(DEFAULT_REPLICAS, brokers);
}

/** The settings of a new topic: with three replicas an event is acknowledged once two have it, so that the loss of one broker loses nothing and stops nothing. */
export function configOfNew(settings: TopicSettings, replicas: number): Readonly<Record<string, string>> {
  return replicas >= DEFAULT_REPLICAS ? { 'min.insync.replicas': '2', ...settings.config } : settings.config;
}

/**
 * What differs from what was asked for and is left alone, in sentences. A topic that was made while brokers were away has fewer replicas than one made now.
 *
 * @param replicas what a new topic would get
 */
export function driftOf(settings: TopicSettings, found: FoundTopic, replicas: number): string[] {
  const drift: string[] = [];
  const { numPartitions, replicationFactor, config, asksForPartitions } = settings;
  if (asksForPartitions && found.partitions > numPartitions) {
    drift.push(`The topic has ${found.partitions} partitions, not ${numPartitions}: partitions cannot be taken away.`);
  }
  if (found.replicationFactor < replicas || (replicationFactor !== undefined && found.replicationFactor > replicas)) {
    drift.push(
      `The topic has replication factor ${found.replicationFactor}, not ${replicas}: kafka-reassign-partitions changes it.`,
    );
  }
  for (const [name, wanted] of Object.entries(config)) {
    const actual = found.config[name];
    if (actual === wanted) continue;
    drift.push(`${name} of the topic is ${actual ?? 'not known'}, not ${wanted}: kafka-configs changes it.`);
  }
  return drift;
}
