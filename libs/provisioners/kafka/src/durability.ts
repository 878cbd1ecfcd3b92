import type { Durability } from '@millrace/eventing-api';
import type { KafkaArguments } from './kafka-options.js';
import { configOfNew, replicasIn } from './topic-settings.js';

/**
 * What a 202 survives in a topic made with these settings: an event is acknowledged by `min.insync.replicas` brokers (acks=-1), each of which has it in the page cache of its
 * machine, not on disk, unless `flush.messages` says so.
 */
export function durabilityOf(defaults: KafkaArguments, brokers: number): Durability {
  const settings = {
    numPartitions: 1,
    replicationFactor: defaults.replicationFactor,
    config: defaults.topicConfig ?? {},
    asksForPartitions: false,
  };
  const replicas = replicasIn(brokers, settings);
  const config = configOfNew(settings, replicas);
  const inSync = Math.min(replicas, Number(config['min.insync.replicas'] ?? 1));
  const figures = `replication factor ${replicas}, min.insync.replicas ${inSync}`;
  if (config['flush.messages'] === '1') {
    return {
      level: 'Synced',
      message: `Each event is on disk before it is acknowledged (flush.messages 1, ${figures}).`,
    };
  }
  if (inSync >= 2) {
    return {
      level: 'Replicated',
      message: `At least ${inSync} brokers have each event before it is acknowledged (${figures}).`,
    };
  }
  return {
    level: 'ProcessOnly',
    message: `One broker has each event, in the page cache of its machine, when it is acknowledged (${figures}).`,
  };
}
