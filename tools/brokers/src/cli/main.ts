import { InstallFailure } from '../native/native.types.js';
import { nativeKinds } from '../native/native-kinds.js';
import { down } from './down.js';
import { install } from './install.js';
import { type Command, CommandFailure, readCommand } from './read-command.js';
import { status } from './status.js';
import { up } from './up.js';

const USAGE = `npm run brokers -- <command> [broker ...] [--version <version>] [--port <port>]

Brokers of this machine, for development and tests, without containers. Without a name, a command is for all.

  install            brings a broker into the cache, where it is not: Kafka by Maven, NATS and pstest by Go
  up                 starts it in the background; it keeps its data over down and up
  down               stops what up started
  status             what is installed, what runs

  --version <version>  with install and up, for one broker:
${Object.entries(nativeKinds)
  .map(([name, { versions }]) => `                         ${name}: ${versions.join(', ')}`)
  .join('\n')}
  --port <port>        with up, for one broker; else 9092 (kafka), 4222 (nats), 8085 (gcp-pubsub)
  --help               this text`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function perform({ command, names, version, port }: Command): Promise<void> {
  if (command === 'help') say(USAGE);
  if (command === 'status') say(status(names));
  for (const name of names) {
    try {
      if (command === 'install') await install(name, version, say);
      if (command === 'up') await up(name, { version, port }, say);
      if (command === 'down') await down(name, say);
    } catch (error) {
      report(error);
    }
  }
}

/** What people can do something about is told, and the next broker tried; anything else is a bug. */
function report(error: unknown): void {
  if (!(error instanceof CommandFailure || error instanceof InstallFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

try {
  await perform(readCommand(process.argv.slice(2)));
} catch (error) {
  report(error);
}
