import { mkdirSync } from 'node:fs';
import type { BrokerName } from '../broker.types.js';
import { ADDRESS_VARIABLES } from '../choose-ways.js';
import { findFreePort, isFree } from '../free-port.js';
import { nativeKinds } from '../native/native-kinds.js';
import { ServerProcess } from '../native/server-process.js';
import { install } from './install.js';
import { CommandFailure } from './read-command.js';
import { type RunningBroker, dataFolder, findRunning, writeRunning } from './running-broker.js';

const USUAL_PORTS: Readonly<Record<BrokerName, number>> = { kafka: 9092, nats: 4222, 'gcp-pubsub': 8085 };

/** How the standalone app is told of it. */
const FLAGS: Readonly<Record<BrokerName, string>> = {
  kafka: '--kafka-brokers',
  nats: '--nats-servers',
  'gcp-pubsub': '--gcp-pubsub-emulator',
};

/** Starts a broker that outlives this process, and installs it where it is not. */
export async function up(
  name: BrokerName,
  { version, port }: { readonly version?: string | undefined; readonly port?: number | undefined },
  say: (line: string) => void,
): Promise<void> {
  const running = findRunning(name);
  if (running) {
    checkSame(name, running, version, port);
    say(`${name} ${running.version}: runs already at ${running.address}`);
    return;
  }
  const objection = nativeKinds[name].objection({});
  if (objection !== undefined) throw new CommandFailure(`${name}: ${objection}.`);
  const installed = await install(name, version, say);
  const client = port ?? USUAL_PORTS[name];
  if (!(await isFree(client))) {
    throw new CommandFailure(
      `${name}: port ${client} is taken: choose another (npm run brokers -- up ${name} --port 12345).`,
    );
  }
  const folder = dataFolder(name, installed.version);
  mkdirSync(folder, { recursive: true });
  const ports = [{ client, peer: await findFreePort(), control: await findFreePort() }];
  for (const command of installed.layOut({ folder, ports })) {
    const server = new ServerProcess(command);
    await server.start().catch((error: unknown) => {
      throw new CommandFailure((error as Error).message);
    });
    const { address, pid = 0 } = server;
    writeRunning(name, { address, pid, version: installed.version });
    say(`${name} ${installed.version}: runs at ${address}`);
    say(`  npm start -- --provisioners in-memory,${name} ${FLAGS[name]} ${address}`);
    say(`  ${ADDRESS_VARIABLES[name]}=${address} npm test`);
  }
}

/** One of each kind runs at a time. */
function checkSame(
  name: BrokerName,
  running: RunningBroker,
  version: string | undefined,
  port: number | undefined,
): void {
  const isOther =
    (version !== undefined && !running.version.startsWith(version)) ||
    (port !== undefined && !running.address.endsWith(`:${port}`));
  if (!isOther) return;
  throw new CommandFailure(
    `${name} ${running.version} runs at ${running.address}: stop it first (npm run brokers -- down ${name}).`,
  );
}
