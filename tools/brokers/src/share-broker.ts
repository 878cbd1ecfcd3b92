import type { Broker, BrokerNotRun } from './broker.types.js';

interface Shared {
  readonly starting: Promise<Broker | BrokerNotRun>;
  users: number;
}

const shared = new Map<string, Shared>();

/** The broker of this process for `key`, started by the first who asks and stopped by the last who lets go. */
export async function shareBroker(
  key: string,
  start: () => Promise<Broker | BrokerNotRun>,
): Promise<Broker | BrokerNotRun> {
  const entry = shared.get(key) ?? { starting: start(), users: 0 };
  shared.set(key, entry);
  entry.users += 1;
  const found = await entry.starting.catch((error: unknown) => {
    if (shared.get(key) === entry) shared.delete(key);
    throw error;
  });
  if ('notRun' in found) {
    if (shared.get(key) === entry) shared.delete(key);
    return found;
  }
  let stopping: Promise<void> | undefined;
  const letGo = async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    shared.delete(key);
    await found.stop();
  };
  return { ...found, stop: () => (stopping ??= letGo()) };
}
