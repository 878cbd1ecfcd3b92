import { retryDelayMs } from '../reconcile/retry-delay.js';

const BASE_MS = 500;
const MAX_MS = 30_000;

/**
 * Wait before the connection attempt that follows `failures` failures in a row: 0.5 s, doubled each time up to 30 s, of which a random half is taken
 * off, so that the caches of all processes do not come back at the same moment. 0 after none.
 */
export function reconnectDelayMs(failures: number, random: () => number = Math.random): number {
  return failures === 0 ? 0 : retryDelayMs(failures, BASE_MS, MAX_MS) * (1 - random() / 2);
}
