import { findBroker } from '@millrace/brokers';
import type { ConformanceHarness, UnreachableStore } from '@millrace/conformance';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import { natsDriverProvider } from '../src/index.js';

/** How long the server leaves events with a driver that says nothing: short, so that the suite can wait for longer. */
const LEASE_MS = 1_500;
/** Of a server with the default `max_payload` of 1 MiB, of which the driver keeps 16 KiB for headers. */
const MAX_EVENT_BYTES = 1024 * 1024 - 16 * 1024;

/** What the conformance suite needs of the driver: a server that it can take away; without one any server, and what needs an outage is not run. */
export async function natsHarness(): Promise<ConformanceHarness | UnreachableStore> {
  const killable = await findBroker('nats', { faults: true });
  const broker = 'notRun' in killable ? await findBroker('nats') : killable;
  if ('notRun' in broker) return { name: natsDriverProvider.driver, notRun: broker.notRun };
  const parameters = { servers: broker.addresses, ackWait: `PT${LEASE_MS / 1000}S` };
  const [node] = broker.nodes;
  return {
    name: natsDriverProvider.driver,
    capabilities: natsDriverProvider.capabilities,
    provider: natsDriverProvider,
    parameters,
    patienceMs: 30_000,
    concurrency: 4,
    leaseMs: LEASE_MS,
    maxEventBytes: MAX_EVENT_BYTES,
    open: () => natsDriverProvider.open(parameters, {}, { logger: silentLogger, clock: systemClock }),
    ...(node && {
      restartStore: async () => {
        await node.kill();
        await node.start();
      },
      killStore: async () => {
        await node.kill();
        return () => node.start();
      },
    }),
    close: () => broker.stop(),
  };
}
