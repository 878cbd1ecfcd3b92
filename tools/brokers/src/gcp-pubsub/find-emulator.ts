import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { findProgram } from '../native/find-program.js';
import { InstallFailure } from '../native/native.types.js';

const JAR_FOLDER = 'platform/pubsub-emulator/lib';
const JAR_NAME = /^cloud-pubsub-emulator-(.+)-all\.jar$/;

/** Google's emulator as it comes with the Cloud SDK. */
export interface EmulatorJar {
  readonly path: string;
  readonly version: string;
}

/**
 * The emulator at `PUBSUB_EMULATOR_JAR`, else in a Cloud SDK: where `CLOUDSDK_ROOT_DIR` or `gcloud` on the PATH leads, or in a usual place. Undefined without it
 * or without Java. Throws `InstallFailure` where the variable leads nowhere.
 */
export function findEmulator(): EmulatorJar | undefined {
  if (!findProgram('java')) return undefined;
  const told = process.env.PUBSUB_EMULATOR_JAR;
  if (told) {
    if (!existsSync(told)) throw new InstallFailure(`PUBSUB_EMULATOR_JAR is ${told}, where there is nothing.`);
    return { path: resolve(told), version: versionOf(told) };
  }
  return sdkFolders()
    .map(findInSdk)
    .find((jar) => jar !== undefined);
}

function sdkFolders(): string[] {
  const gcloud = findProgram('gcloud');
  return [
    process.env.CLOUDSDK_ROOT_DIR ?? '',
    gcloud === undefined ? '' : resolve(realpathSync(gcloud), '../..'),
    '/usr/lib/google-cloud-sdk',
    '/usr/share/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
  ].filter((folder) => folder !== '');
}

function findInSdk(sdk: string): EmulatorJar | undefined {
  const folder = join(sdk, JAR_FOLDER);
  const name = existsSync(folder) ? readdirSync(folder).find((file) => JAR_NAME.test(file)) : undefined;
  return name === undefined ? undefined : { path: join(folder, name), version: versionOf(name) };
}

function versionOf(jar: string): string {
  return JAR_NAME.exec(basename(jar))?.[1] ?? 'of unknown version';
}
