import { natsDriverProvider } from '@millrace/provisioners-nats';
import { openNatsOperator } from '../../../../libs/provisioners/nats/test/nats-operator.js';
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
    name: 'nats',
    app: 'provisioner-nats',
    provider: natsDriverProvider,
    parameters: ({ addresses }, secret) => ({
      servers: addresses,
      ...(secret !== undefined && { credentials: { secretRef: { name: secret } } }),
    }),
    replicatedArguments: { replicas: 3 },
    oversizeBytes: 1_500_000,
    awayWords: /connection refused/,
    refusedWords: /authorization violation/i,
    connect: ({ addresses }) => openNatsOperator(addresses),
  },
  {
    tracks: [
      {
        replicas: 1,
        scenarios: [
          ...[provisionerKilled, brokerKilled, brokerHangs, leaderKilled],
          ...[storeDeleted, positionsDeleted, deadSubscriber, oversize, channelMadeAnew],
        ],
      },
      { replicas: 1, scenarios: [brokerAway, credentialsExpired] },
      { replicas: 2, scenarios: [replicaKilled, replicaFrozen] },
    ],
  },
);
