import { join } from 'node:path';
import { findInCache, installInCache } from '../native/cache.js';
import { findProgram } from '../native/find-program.js';
import type { InstalledBroker, NativeBrokerKind } from '../native/native.types.js';
import { installKafka } from './kafka-install.js';
import { layOutKafka } from './kafka-servers.js';

const VERSIONS = ['4.4.0', '3.9.2'] as const;

/** Kafka's own jars, from Maven. */
export const nativeKafka: NativeBrokerKind = {
  versions: VERSIONS,
  objection: () => (findProgram('java') ? undefined : 'java is missing: please install Java 17 or newer'),
  find: (version = VERSIONS[0]) => {
    const folder = findInCache(`kafka-${version}`);
    return folder === undefined ? undefined : installedKafka(version, folder);
  },
  install: async (version = VERSIONS[0]) =>
    installedKafka(version, await installInCache(`kafka-${version}`, (to) => installKafka(version, to))),
};

function installedKafka(version: string, folder: string): InstalledBroker {
  return {
    version,
    lacks: [],
    path: join(folder, 'libs'),
    layOut: (plan) => layOutKafka(folder, version, plan),
  };
}
