import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker, BrokerCredentials, BrokerName, BrokerNeeds } from '../broker.types.js';
import { findFreePort } from '../free-port.js';
import { keeperOfThisProcess } from '../keeper.js';
import type { InstalledBroker, ServerPlan, ServerPorts } from './native.types.js';
import { ServerProcess } from './server-process.js';

/** Starts a broker of its own for a test: its files go with it, and it goes with this process. */
export async function startNativeBroker(
  name: BrokerName,
  installed: InstalledBroker,
  { nodes = 1, faults = false, credentials }: BrokerNeeds,
): Promise<Broker> {
  const keeper = keeperOfThisProcess();
  const plan: ServerPlan = {
    folder: mkdtempSync(join(keeper.folder, `${name}-`)),
    ports: await Promise.all(Array.from({ length: nodes }, findPorts)),
    credentials,
  };
  const servers = installed.layOut(plan).map((command) => new ServerProcess(command, keeper));
  const stop = async () => {
    // Nobody reads what they wrote: no reason to wait for an orderly end.
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(plan.folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name,
    way: 'native',
    version: installed.version,
    addresses: servers.map(({ address }) => address),
    nodes: faults ? servers : [],
    lacks: installed.lacks,
    ...(credentials && {
      changeCredentials: (changed: BrokerCredentials) =>
        restartWith(servers, installed, { ...plan, credentials: changed }),
    }),
    stop,
  };
}

/** One after the other, so that three go on serving. */
async function restartWith(servers: readonly ServerProcess[], installed: InstalledBroker, plan: ServerPlan) {
  const commands = installed.layOut(plan);
  for (const [index, server] of servers.entries()) {
    const command = commands[index];
    if (command) server.command = command;
    await server.stop();
    await server.start();
  }
}

async function findPorts(): Promise<ServerPorts> {
  const [client, peer, control] = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  return { client, peer, control };
}
