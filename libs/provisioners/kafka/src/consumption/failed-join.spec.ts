import { createRequire } from 'node:module';
import { silentLogger, sleep, systemClock } from '@millrace/eventing-api';
import { PartitionAssigners, type Cluster, type Consumer } from 'kafkajs';
import { expect, it } from 'vitest';
import type { KafkaClients } from '../kafka-clients.js';
import { patchKafkaJs } from '../kafkajs-patches.js';
import { KafkaConsumption } from './kafka-consumption.js';

const require = createRequire(import.meta.url);
const createConsumer = require('kafkajs/src/consumer') as (options: object) => Consumer;
const { createLogger } = require('kafkajs/src/loggers') as { createLogger: (options: object) => object };
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error;
};
const { MemberAssignment } = require('kafkajs/src/consumer/assignerProtocol') as {
  MemberAssignment: { encode: (assignment: object) => Buffer };
};
const GROUP_LOAD_IN_PROGRESS = 14;
const NOT_LEADER_FOR_PARTITION = 6;

/** One broker: leader of the one partition and coordinator of the group, whose member never has to join anew. */
class FakeBroker {
  nodeId = 1;
  joins = 0;
  events = 0;
  readonly fetchFaults: Error[] = [];
  readonly joinFaults: Error[] = [];
  isConnected = () => true;
  joinGroup = () => {
    this.joins++;
    const fault = this.joinFaults.shift();
    if (fault) return Promise.reject(fault);
    return Promise.resolve({
      generationId: 1,
      leaderId: 'other',
      memberId: 'm',
      members: [],
      groupProtocol: 'RoundRobinAssigner',
    });
  };
  syncGroup = () =>
    Promise.resolve({ memberAssignment: MemberAssignment.encode({ version: 0, assignment: { orders: [0] } }) });
  heartbeat = () => Promise.resolve();
  leaveGroup = () => Promise.resolve();
  offsetCommit = () => Promise.resolve();
  offsetFetch = () =>
    Promise.resolve({ responses: [{ topic: 'orders', partitions: [{ partition: 0, offset: '0' }] }] });
  fetch = async ({ topics }: { topics: { partitions: { fetchOffset: string }[] }[] }) => {
    await sleep(systemClock, 10);
    const fault = this.fetchFaults.shift();
    if (fault) throw fault;
    const from = Number(topics[0]!.partitions[0]!.fetchOffset);
    const messages = Array.from({ length: Math.max(0, this.events - from) }, (_, index) => ({
      key: null,
      value: Buffer.from('{}'),
      timestamp: '0',
      attributes: 0,
      offset: String(from + index),
      headers: { ce_specversion: '1.0', ce_id: String(from + index), ce_source: '/s', ce_type: 't' },
      isControlRecord: false,
    }));
    return {
      responses: [
        {
          topicName: 'orders',
          partitions: [{ partition: 0, highWatermark: String(this.events), messages, abortedTransactions: [] }],
        },
      ],
    };
  };
}

function clientsOf(broker: FakeBroker): KafkaClients {
  const consumer = (groupId: string, onCluster: (cluster: Cluster) => void) => {
    const committed = { orders: {} };
    const nothing = () => Promise.resolve();
    const cluster = {
      connect: nothing,
      disconnect: nothing,
      addMultipleTargetTopics: nothing,
      refreshMetadata: nothing,
      refreshMetadataIfNecessary: nothing,
      removeBroker: () => {},
      getNodeIds: () => [1],
      findGroupCoordinator: () => Promise.resolve(broker),
      findTopicPartitionMetadata: () => [{ partitionId: 0, leader: 1 }],
      findBroker: () => Promise.resolve(broker),
      committedOffsets: () => committed,
    };
    return createConsumer({
      cluster,
      groupId,
      logger: createLogger({ level: 0, logCreator: () => () => {} }),
      sessionTimeout: 10_000,
      heartbeatInterval: 50,
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: 20,
      metadataMaxAge: 10_000,
      // As in kafka-clients.ts.
      retry: {
        retries: 3,
        initialRetryTime: 100,
        maxRetryTime: 1000,
        factor: 0.2,
        multiplier: 2,
        restartOnFailure: () => Promise.resolve(false),
      },
      partitionAssigners: [
        (config: { cluster: Cluster }) => {
          onCluster(config.cluster);
          return PartitionAssigners.roundRobin(config as never);
        },
      ],
    });
  };
  return { consumer } as unknown as KafkaClients;
}

it('goes on after a join that failed although the group did not need it', { timeout: 40_000 }, async () => {
  patchKafkaJs();
  const broker = new FakeBroker();
  const handedOut: string[] = [];
  const consumption = new KafkaConsumption(
    { topic: 'orders', groupId: 'g', sessionTimeoutMs: 10_000 },
    (event) => {
      handedOut.push(event.id);
      return Promise.resolve('delivered');
    },
    { maxInFlight: 10 },
    {
      clients: clientsOf(broker),
      clock: systemClock,
      logger: silentLogger,
      topicId: () => Promise.resolve('id'),
      positions: () => Promise.resolve({ topicId: 'id', positions: new Map() }),
      onEnd: () => {},
    },
  );
  broker.events = 1;
  await expect.poll(() => handedOut, { timeout: 5000 }).toEqual(['0']);
  // The leader moves, and the coordinator is not ready for a moment: what kafkajs does about the first it does only once.
  broker.joinFaults.push(createErrorFromCode(GROUP_LOAD_IN_PROGRESS));
  broker.fetchFaults.push(createErrorFromCode(NOT_LEADER_FOR_PARTITION));
  await expect.poll(() => broker.joins, { timeout: 5000 }).toBeGreaterThan(1);
  broker.events = 2;
  await expect.poll(() => handedOut, { timeout: 20_000 }).toEqual(['0', '1']);
  await consumption.stop(AbortSignal.abort());
});
