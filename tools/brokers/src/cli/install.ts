import { relative } from 'node:path';
import type { BrokerName } from '../broker.types.js';
import type { InstalledBroker } from '../native/native.types.js';
import { nativeKinds } from '../native/native-kinds.js';

/** Makes sure that a broker can be run, and tells where it is. Throws `InstallFailure`. */
export async function install(
  name: BrokerName,
  version: string | undefined,
  say: (line: string) => void,
): Promise<InstalledBroker> {
  const kind = nativeKinds[name];
  const there = kind.find(version);
  if (there) {
    say(`${name} ${there.version}: is there (${pathForPeople(there.path)})`);
    return there;
  }
  say(`${name} ${version ?? ''}`.trim() + ': installing …');
  const since = performance.now();
  const installed = await kind.install(version);
  const seconds = Math.round((performance.now() - since) / 1000);
  say(`${name} ${installed.version}: installed in ${seconds} s (${pathForPeople(installed.path)})`);
  return installed;
}

/** Relative where that is shorter to read. */
export function pathForPeople(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
