import { gcpPubSubDriverProvider } from '@millrace/provisioners-gcp-pubsub';
import type { Broker } from '@millrace/brokers';
import { openGcpPubSubOperator } from '../../../../libs/provisioners/gcp-pubsub/test/gcp-pubsub-operator.js';
import { describeFaults } from './describe-faults.js';
import type { FaultScenario } from './fault-scenario.types.js';
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

/**
 * The emulator (0.8.20) never hands out again what some keys of an ordered subscription had under way when its client was killed, as a bare client shows;
 * pstest does, like the service.
 */
const onPstest = (scenario: FaultScenario): FaultScenario => ({ ...scenario, needs: { version: 'pstest' } });

const standIn = ({ addresses }: Broker) => ({ project: 'millrace-test', emulator: addresses[0] ?? '' });

describeFaults(
  {
    name: 'gcp-pubsub',
    app: 'provisioner-gcp-pubsub',
    provider: gcpPubSubDriverProvider,
    // The shortest deadline that there is.
    parameters: (broker) => ({ ...standIn(broker), ackDeadline: 'PT10S' }),
    replicatedArguments: {},
    oversizeBytes: 10_500_000,
    awayWords: /ECONNREFUSED|UNAVAILABLE/i,
    refusedWords: /PERMISSION_DENIED/i,
    connect: (broker) => Promise.resolve(openGcpPubSubOperator(standIn(broker))),
  },
  {
    tracks: [
      {
        replicas: 1,
        scenarios: [
          ...[onPstest(provisionerKilled), brokerHangs, storeDeleted, positionsDeleted],
          ...[deadSubscriber, oversize, channelMadeAnew],
        ],
      },
      { replicas: 1, scenarios: [brokerAway] },
      { replicas: 2, scenarios: [onPstest(replicaKilled), replicaFrozen] },
    ],
    notRun: [
      { scenario: brokerKilled, reason: 'the stand-in keeps everything in memory; the service has no server to kill' },
      { scenario: leaderKilled, reason: 'the stand-in is a single server' },
      { scenario: credentialsExpired, reason: 'the stand-in lets everybody in' },
    ],
  },
);
