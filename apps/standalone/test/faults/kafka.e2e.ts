import { kafkaDriverProvider } from '@millrace/provisioners-kafka';
import { openKafkaOperator } from '../../../../libs/provisioners/kafka/test/kafka-operator.js';
import { describeFaults } from './describe-faults.js';
import { brokerAway } from './scenarios/broker-away.js';
import { brokerHangs } from './scenarios/broker-hangs.js';
import { brokerKilled } from './scenarios/broker-killed.js';
import { channelMadeAnew } from './scenarios/channel-made-anew.js';
import { credentialsExpired } from './scenarios/credentials-expired.js';
import { deadSubscriber } from './scenarios/dead-subscriber.js';
import { leaderKilled } from './scenarios/leader-killed.js';
import { oversize } from './scenarios/oversize.js';
import { provisionerKilled } from './scenarios/provisioner-killed.js';
import { replicaFrozen } from './scenarios/replica-frozen.js';
import { replicaKilled } from './scenarios/replica-killed.js';
import { positionsDeleted, storeDeleted } from './scenarios/store-deleted.js';

describeFaults(
  {
    name: 'kafka',
    app: 'provisioner-kafka',
    provider: kafkaDriverProvider,
    parameters: ({ addresses }, secret) => ({
      brokers: addresses,
      // The shortest that brokers allow.
      sessionTimeout: 'PT6S',
      ...(secret !== undefined && { sasl: { mechanism: 'plain', secretRef: { name: secret } } }),
    }),
    replicatedArguments: { replicationFactor: 3, topicConfig: { 'min.insync.replicas': '2' } },
    oversizeBytes: 1_500_000,
    awayWords: /ECONNREFUSED|connect/i,
    refusedWords: /authentication/i,
    connect: ({ addresses }) => openKafkaOperator(addresses),
  },
  {
    tracks: [
      {
        replicas: 1,
        scenarios: [
          ...[provisionerKilled, brokerKilled, brokerHangs, leaderKilled],
          ...[storeDeleted, deadSubscriber, oversize, channelMadeAnew],
        ],
      },
      { replicas: 1, scenarios: [brokerAway, credentialsExpired] },
      { replicas: 2, scenarios: [replicaKilled, replicaFrozen] },
    ],
    notRun: [{ scenario: positionsDeleted, reason: 'Kafka deletes no consumer group that has members' }],
  },
);
