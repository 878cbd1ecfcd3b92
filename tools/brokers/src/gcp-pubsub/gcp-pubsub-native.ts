import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../folders.js';
import { findInCache, installInCache } from '../native/cache.js';
import { findProgram } from '../native/find-program.js';
import {
  InstallFailure,
  type InstalledBroker,
  type NativeBrokerKind,
  type ServerCommand,
  type ServerPlan,
} from '../native/native.types.js';
import { runTool } from '../native/run-tool.js';
import { type EmulatorJar, findEmulator } from './find-emulator.js';
import { emulatorLacks, pstestLacks } from './stand-in-lacks.js';

const PSTEST_SOURCE = join(packageFolder, 'pstest');

/** Google's emulator where it is installed, else pstest, the fake of Google's Go client, built from its module. */
export const nativeGcpPubSub: NativeBrokerKind = {
  versions: ['emulator', 'pstest'],
  objection: ({ nodes = 1, credentials, settings }) => {
    if (nodes > 1) return 'the stand-ins for Pub/Sub are a single server';
    if (settings) return 'the stand-ins for Pub/Sub take no settings';
    return credentials ? 'the stand-ins for Pub/Sub let everybody in' : undefined;
  },
  find: (version) => {
    const jar = version === 'pstest' ? undefined : findEmulator();
    if (jar) return installedEmulator(jar);
    const folder = version === 'emulator' ? undefined : findInCache(pstestEntry());
    return folder === undefined ? undefined : installedPstest(folder);
  },
  install: async (version) => {
    const jar = version === 'pstest' ? undefined : findEmulator();
    if (jar) return installedEmulator(jar);
    if (version === 'emulator') {
      throw new InstallFailure(
        'No registry has the Pub/Sub emulator: install it with the Cloud SDK (gcloud components install pubsub-emulator) and Java, or name its jar in PUBSUB_EMULATOR_JAR.',
      );
    }
    return installedPstest(await installInCache(pstestEntry(), buildPstest));
  },
};

async function buildPstest(to: string): Promise<void> {
  if (!findProgram('go')) {
    throw new InstallFailure(
      'Without the Pub/Sub emulator, pstest is built from source, and go is missing: please install Go, or the emulator (gcloud components install pubsub-emulator).',
    );
  }
  const build = ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(to, 'pstest'), '.'];
  await runTool(['go', ...build], { folder: PSTEST_SOURCE, environment: { CGO_ENABLED: '0', GOWORK: 'off' } });
}

function installedEmulator({ path, version }: EmulatorJar): InstalledBroker {
  const flags = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', path, '--host=127.0.0.1'];
  return {
    version: `emulator ${version}`,
    lacks: emulatorLacks,
    path,
    layOut: (plan) => layOut(plan, 'java', flags),
  };
}

function installedPstest(folder: string): InstalledBroker {
  const program = join(folder, 'pstest');
  return {
    version: `pstest ${pstestVersion()}`,
    lacks: pstestLacks,
    path: program,
    layOut: (plan) => layOut(plan, program, []),
  };
}

function layOut({ folder, ports }: ServerPlan, program: string, flags: readonly string[]): ServerCommand[] {
  return ports.map(({ client }) => ({
    title: 'gcp-pubsub server',
    port: client,
    program,
    args: [...flags, `--port=${client}`],
    folder,
    logFile: join(folder, 'server.log'),
    isReady: (log) => log.includes('Server started'),
  }));
}

function pstestEntry(): string {
  return `gcp-pubsub-pstest-${pstestVersion()}`;
}

/** As the committed module requires it. */
function pstestVersion(): string {
  const module = readFileSync(join(PSTEST_SOURCE, 'go.mod'), 'utf8');
  return /cloud\.google\.com\/go\/pubsub\/v2 v(\S+)/.exec(module)?.[1] ?? 'of unknown version';
}
