import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerName } from '../broker.types.js';
import { commandLineOf } from '../command-line.js';
import { repositoryFolder } from '../folders.js';

const STOP_LIMIT_MS = 10_000;
const STOP_POLL_MS = 50;

/** A broker that `up` left running. */
export interface RunningBroker {
  readonly pid: number;
  /** Tells its process from another that was given the same number. */
  readonly commandLine: string;
  readonly version: string;
  readonly address: string;
}

/** Where a broker that `up` started keeps its data, over `down` and `up`. */
export function dataFolder(name: BrokerName, version: string): string {
  return join(stateFolder(name), version.replaceAll(' ', '-'));
}

/** Remembers what was started. */
export function writeRunning(name: BrokerName, broker: Omit<RunningBroker, 'commandLine'>): void {
  const running: RunningBroker = { ...broker, commandLine: commandLineOf(broker.pid) };
  mkdirSync(stateFolder(name), { recursive: true });
  writeFileSync(stateFile(name), `${JSON.stringify(running, undefined, 2)}\n`);
}

/** What `up` started, if it still runs. */
export function findRunning(name: BrokerName): RunningBroker | undefined {
  if (!existsSync(stateFile(name))) return undefined;
  const running = JSON.parse(readFileSync(stateFile(name), 'utf8')) as RunningBroker;
  return isAlive(running) ? running : undefined;
}

/** Asks it to end, and kills it after 10 s. Its data stay. */
export async function stopRunning(name: BrokerName, running: RunningBroker): Promise<void> {
  process.kill(running.pid, 'SIGTERM');
  const since = Date.now();
  while (isAlive(running)) {
    if (Date.now() - since > STOP_LIMIT_MS) process.kill(running.pid, 'SIGKILL');
    await sleep(STOP_POLL_MS);
  }
  rmSync(stateFile(name), { force: true });
}

function isAlive({ pid, commandLine }: RunningBroker): boolean {
  return commandLine !== '' && commandLineOf(pid) === commandLine;
}

function stateFolder(name: BrokerName): string {
  return join(repositoryFolder, '.millrace/brokers', name);
}

function stateFile(name: BrokerName): string {
  return join(stateFolder(name), 'running.json');
}
