import { findBroker, type Broker } from '@millrace/brokers';
import type { ConformanceHarness, UnreachableStore } from '@millrace/conformance';
import { silentLogger, systemClock, type ChannelDriver, type Parameters } from '@millrace/eventing-api';
import { kafkaDriverProvider } from '../src/kafka-provider.js';

/** The shortest that brokers allow; outages are over sooner with it. */
const SESSION_MS = 6000;
/** 1 MiB and what Kafka adds, less what the driver keeps for itself. */
const MAX_EVENT_BYTES = 1_048_588 - 1024;

/** Opens the driver on a broker, with these parameters besides. */
export function openKafka(broker: Broker, parameters: Parameters = {}): Promise<ChannelDriver> {
  return kafkaDriverProvider.open(
    { ...parametersOf(broker), ...parameters },
    {},
    { logger: silentLogger, clock: systemClock },
  );
}

function parametersOf(broker: Broker): Parameters {
  return { brokers: broker.addresses, sessionTimeout: `PT${SESSION_MS / 1000}S` };
}

/** What the conformance suite needs of the driver, on a broker that can be killed; without one on any, and what needs an outage is not run. */
export async function kafkaHarness(): Promise<ConformanceHarness | UnreachableStore> {
  const killable = await findBroker('kafka', { faults: true });
  const broker = 'notRun' in killable ? await findBroker('kafka') : killable;
  if ('notRun' in broker) return { name: kafkaDriverProvider.driver, notRun: broker.notRun };
  const [node] = broker.nodes;
  return {
    name: kafkaDriverProvider.driver,
    provider: kafkaDriverProvider,
    parameters: parametersOf(broker),
    capabilities: kafkaDriverProvider.capabilities,
    patienceMs: 30_000,
    concurrency: 12,
    maxEventBytes: MAX_EVENT_BYTES,
    leaseMs: SESSION_MS,
    open: () => openKafka(broker),
    ...(node
      ? {
          restartStore: async () => {
            await node.kill();
            await node.start();
          },
          killStore: async () => {
            await node.kill();
            return () => node.start();
          },
        }
      : {}),
    close: () => broker.stop(),
  };
}
