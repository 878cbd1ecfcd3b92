import { randomUUID } from 'node:crypto';
import { findBroker, type Broker, type BrokerNeeds, type BrokerNotRun } from '@millrace/brokers';
import { PubSub } from '@google-cloud/pubsub';
import {
  systemClock,
  type ChannelDriver,
  type DriverChannel,
  type DriverSubscription,
  type Parameters,
} from '@millrace/eventing-api';
import { RecordingLogger } from '@millrace/testing';
import { PassThroughClient } from 'google-auth-library';
import { it } from 'vitest';
import { gcpPubSubDriverProvider } from '../src/gcp-pubsub-provider.js';
import { standInParameters } from './gcp-pubsub-harness.js';

/** A stand-in for the service, a store that is open on it, and a client that knows nothing of Millrace. */
export interface StandIn {
  readonly broker: Broker;
  readonly driver: ChannelDriver;
  readonly logger: RecordingLogger;
  readonly foreign: PubSub;
  /** One more store, with these parameters beside those of the stand-in. */
  open(parameters?: Parameters): Promise<ChannelDriver>;
}

/** Tests that get a stand-in; all tests of a file share one broker. Without one they are not run. */
export function standInTest(needs: BrokerNeeds = {}) {
  return it
    .extend<{ $file: { found: Broker | BrokerNotRun } }>({
      found: [
        // eslint-disable-next-line no-empty-pattern -- vitest reads the pattern
        async ({}, use) => {
          const found = await findBroker('gcp-pubsub', needs);
          await use(found);
          if (!('notRun' in found)) await found.stop();
        },
        { scope: 'file' },
      ],
    })
    .extend<{ standIn: StandIn }>({
      standIn: async ({ found, task, skip }, use) => {
        if ('notRun' in found) {
          task.meta.notRun = found.notRun;
          return skip(found.notRun);
        }
        const { standIn, close } = await openOn(found);
        await use(standIn);
        await close();
      },
    });
}

/** A Channel that no other test uses. */
export function newChannel(args: Parameters = {}): DriverChannel {
  return { namespace: 'default', name: 'orders', uid: randomUUID(), purpose: 'events', arguments: args };
}

export function subscriptionOf(channel: DriverChannel, name = 'billing'): DriverSubscription {
  return { channel, name, uid: randomUUID() };
}

async function openOn(broker: Broker): Promise<{ standIn: StandIn; close: () => Promise<void> }> {
  const parameters = standInParameters(broker);
  const logger = new RecordingLogger();
  const drivers: ChannelDriver[] = [];
  const open = async (more: Parameters = {}) => {
    const driver = await gcpPubSubDriverProvider.open({ ...parameters, ...more }, {}, { logger, clock: systemClock });
    drivers.push(driver);
    return driver;
  };
  const foreign = new PubSub({
    projectId: parameters.project,
    apiEndpoint: parameters.emulator,
    emulatorMode: true,
    authClient: new PassThroughClient(),
  });
  const close = async () => {
    await Promise.all([...drivers.map((driver) => driver.close()), foreign.close()]);
  };
  return { standIn: { broker, driver: await open(), logger, foreign, open }, close };
}
