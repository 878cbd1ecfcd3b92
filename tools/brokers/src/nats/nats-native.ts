import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerLack } from '../broker.types.js';
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
import { natsConfig } from './nats-config.js';

const VERSIONS = ['2.12.15'] as const;
/** Whatever version Debian has: where Go is missing. */
const DEBIAN_ENTRY = 'nats-debian';
const HEALTH_LIMIT_MS = 1_000;

/** nats-server, built from its Go module. */
export const nativeNats: NativeBrokerKind = {
  versions: VERSIONS,
  objection: () => undefined,
  find: (version) => {
    const folder = findInCache(`nats-${version ?? VERSIONS[0]}`) ?? (version ? undefined : findInCache(DEBIAN_ENTRY));
    return folder === undefined ? undefined : installedNats(folder);
  },
  install: async (version) => {
    const wanted = version ?? VERSIONS[0];
    if (findProgram('go')) return installedNats(await installInCache(`nats-${wanted}`, (to) => build(wanted, to)));
    if (version === undefined && findProgram('apt-get')) {
      return installedNats(await installInCache(DEBIAN_ENTRY, unpackDebian));
    }
    throw new InstallFailure(`nats ${wanted} is built from source and go is missing: please install Go.`);
  },
};

async function build(version: string, to: string): Promise<void> {
  await runTool(['go', 'install', '-trimpath', '-ldflags', '-s -w', `github.com/nats-io/nats-server/v2@v${version}`], {
    folder: to,
    environment: { GOBIN: to, CGO_ENABLED: '0' },
  });
}

/** Without root: fetched and unpacked, not installed. */
async function unpackDebian(to: string): Promise<void> {
  await runTool(['apt-get', '-qq', 'download', 'nats-server'], { folder: to });
  const archive = readdirSync(to).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new InstallFailure('apt-get fetched no package nats-server.');
  await runTool(['dpkg-deb', '-x', archive, 'unpacked'], { folder: to });
  copyFileSync(join(to, 'unpacked/usr/sbin/nats-server'), join(to, 'nats-server'));
}

function installedNats(folder: string): InstalledBroker {
  const program = join(folder, 'nats-server');
  const version = /v(\d+\.\d+\.\d+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  if (version === undefined) throw new Error(`${program} does not run: remove its folder and install it again.`);
  const lacks: BrokerLack[] = version.startsWith('2.9.') ? ['stream metadata'] : [];
  return { version, lacks, path: program, layOut: (plan) => layOut(program, plan) };
}

function layOut(program: string, plan: ServerPlan): ServerCommand[] {
  return plan.ports.map(({ client, control }, index) => {
    const title = `nats server ${index + 1}`;
    const base = join(plan.folder, `server-${index + 1}`);
    writeFileSync(`${base}.conf`, natsConfig(plan, index), { mode: 0o600 });
    return {
      title,
      port: client,
      program,
      args: ['-c', `${base}.conf`],
      folder: plan.folder,
      logFile: `${base}.log`,
      isReady: () => isHealthy(control),
    };
  });
}

/** Also that its streams are there again, and that a cluster has a leader. */
async function isHealthy(monitoringPort: number): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${monitoringPort}/healthz`;
    return (await fetch(url, { signal: AbortSignal.timeout(HEALTH_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}
