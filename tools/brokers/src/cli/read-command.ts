import { parseArgs } from 'node:util';
import type { BrokerName } from '../broker.types.js';
import { nativeKinds } from '../native/native-kinds.js';

const COMMANDS = ['install', 'up', 'down', 'status'] as const;
const NAMES = Object.keys(nativeKinds) as BrokerName[];
const HINT = '(npm run brokers -- --help tells more).';
const HIGHEST_PORT = 65_535;

/** What somebody wants done. */
export interface Command {
  readonly command: (typeof COMMANDS)[number] | 'help';
  /** All, where none were named. */
  readonly names: readonly BrokerName[];
  readonly version: string | undefined;
  readonly port: number | undefined;
}

/** Something asked for that cannot be done; the message is for people. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** Throws `CommandFailure` where the arguments mean nothing. */
export function readCommand(args: readonly string[]): Command {
  const { positionals, values } = parse(args);
  if (values.help) return { command: 'help', names: [], version: undefined, port: undefined };
  const [word, ...named] = positionals;
  const command = COMMANDS.find((known) => known === word);
  if (!command) {
    const what = word === undefined ? 'What is to be done' : `There is no command ${word}`;
    throw new CommandFailure(`${what}: name one of ${COMMANDS.join(', ')} ${HINT}`);
  }
  const names = named.length > 0 ? [...new Set(named.map(readName))] : NAMES;
  return {
    command,
    names,
    version: readVersion(values.version, names, command),
    port: readPort(values.port, names, command),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, version: { type: 'string' }, port: { type: 'string' } },
    });
  } catch (error) {
    throw new CommandFailure(`${(error as Error).message.split('. ')[0] ?? ''} ${HINT}`);
  }
}

function readName(text: string): BrokerName {
  const name = NAMES.find((known) => known === text);
  if (name) return name;
  throw new CommandFailure(`There is no broker ${text}: name one or more of ${NAMES.join(', ')} ${HINT}`);
}

function readVersion(version: string | undefined, names: readonly BrokerName[], command: string): string | undefined {
  if (version === undefined) return undefined;
  checkFlag('--version', ['install', 'up'], names, command);
  const [name] = names;
  const versions = name ? nativeKinds[name].versions : [];
  if (versions.includes(version)) return version;
  throw new CommandFailure(`There is no ${name ?? ''} ${version} here: name one of ${versions.join(', ')}.`);
}

function readPort(text: string | undefined, names: readonly BrokerName[], command: string): number | undefined {
  if (text === undefined) return undefined;
  checkFlag('--port', ['up'], names, command);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= HIGHEST_PORT) return port;
  throw new CommandFailure(`--port is ${text}: a port is a number from 1 to ${HIGHEST_PORT}.`);
}

function checkFlag(flag: string, commands: readonly string[], names: readonly BrokerName[], command: string): void {
  if (!commands.includes(command))
    throw new CommandFailure(`${flag} goes with ${commands.join(' or ')}, not with ${command}.`);
  if (names.length !== 1) throw new CommandFailure(`${flag} goes with one broker: name one of ${NAMES.join(', ')}.`);
}
