import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker, BrokerName, BrokerNeeds } from '../broker.types.js';
import { findFreePort } from '../free-port.js';
import { keeperOfThisProcess } from '../keeper.js';
import type { InstalledBroker, ServerPlan, ServerPorts } from './native.types.js';
import { ServerProcess } from './server-process.js';

/** Starts a broker of its own for a test: its files go with it, and it goes with this process. */
export async function startNativeBroker(
  name: BrokerName,
  installed: InstalledBroker,
  { nodes = 1, faults = false, credentials, settings }: BrokerNeeds,
): Promise<Broker> {
  const keeper = keeperOfThisProcess();
  let plan: ServerPlan = {
    folder: mkdtempSync(join(keeper.folder, `${name}-`)),
    ports: await Promise.all(Array.from({ length: nodes }, findPorts)),
    credentials,
    settings,
  };
  const { folder } = plan;
  const servers = installed.layOut(plan).map((command) => new ServerProcess(command, keeper));
  const stop = async () => {
    // Nobody reads what they wrote: no reason to wait for an orderly end.
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const change = (changed: Pick<ServerPlan, 'credentials' | 'settings'>) => {
    plan = { ...plan, ...changed };
    return restartWith(servers, installed, plan);
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
    ...(credentials && { changeCredentials: (changed) => change({ credentials: changed }) }),
    ...(settings && { changeSettings: (changed) => change({ settings: changed }) }),
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
