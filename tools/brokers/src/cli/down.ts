import type { BrokerName } from '../broker.types.js';
import { findRunning, stopRunning } from './running-broker.js';

/** Stops what `up` started. */
export async function down(name: BrokerName, say: (line: string) => void): Promise<void> {
  const running = findRunning(name);
  if (!running) {
    say(`${name}: does not run`);
    return;
  }
  await stopRunning(name, running);
  say(`${name} ${running.version}: stopped`);
}
