import { findBroker, type Broker } from '@millrace/brokers';
import type { ConformanceHarness, UnreachableStore } from '@millrace/conformance';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import { gcpPubSubDriverProvider as provider } from '../src/gcp-pubsub-provider.js';

/** The shortest that the service and its stand-ins take. */
const ACK_DEADLINE_SECONDS = 10;
const MAX_EVENT_BYTES = 9_500_000;

/** Parameters of a store on a stand-in. */
export function standInParameters({ addresses }: Broker) {
  return { project: 'millrace-test', emulator: addresses[0] ?? '', ackDeadline: `PT${ACK_DEADLINE_SECONDS}S` };
}

/** What the conformance suite needs of the driver, on a stand-in for the service. It keeps events in memory: there is nothing that could be killed and started again. */
export async function gcpPubSubHarness(): Promise<ConformanceHarness | UnreachableStore> {
  const { driver: name, capabilities } = provider;
  const broker = await findBroker('gcp-pubsub');
  if ('notRun' in broker) return { name, notRun: broker.notRun };
  const parameters = standInParameters(broker);
  return {
    name,
    capabilities: provider.capabilitiesFor?.(parameters) ?? capabilities,
    patienceMs: 30_000,
    concurrency: 5,
    leaseMs: ACK_DEADLINE_SECONDS * 1000,
    maxEventBytes: MAX_EVENT_BYTES,
    provider,
    parameters,
    cannotShow: {
      ...(broker.lacks.includes('durability') ? noDisk : {}),
      ...(broker.lacks.includes('ordered redelivery') ? noOrderedRedelivery : {}),
    },
    open: () => provider.open(parameters, {}, { logger: silentLogger, clock: systemClock }),
    close: () => broker.stop(),
  };
}

/** The service holds back the later events of a key while an earlier one that was given back waits; the emulator does not (pstest does, and passes both). */
const notInOrder = 'the emulator does not keep the order of what is given back';
const noOrderedRedelivery = {
  'ordering/after-stop': notInOrder,
  // It stops a process in mid-delivery: on the emulator out of order in one run of ten.
  'replicas/order-per-key': notInOrder,
};

/**
 * It outlives the driver as the service does, but not itself: `Volatile`, and durable for Millrace. The contract has no such store. Without `durable` the
 * runtime would let one replica alone take and deliver events, and leave positions behind at a restart.
 */
const noDisk = {
  'durability/told': 'the stand-in keeps events in memory, where the service replicates them',
};
