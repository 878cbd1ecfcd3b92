import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package: what is committed beside the sources is found from here. */
export const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** The root of the repository. */
export const repositoryFolder = resolve(packageFolder, '../..');

/** Where installed brokers are kept: `MILLRACE_BROKERS_CACHE`, else `.cache/brokers` of the repository. */
export function cacheFolder(): string {
  return resolve(process.env.MILLRACE_BROKERS_CACHE || resolve(repositoryFolder, '.cache/brokers'));
}
