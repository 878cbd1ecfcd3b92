import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Asks until there is an answer other than undefined; a wait for a state, never for a time. Fails with `what` after 30 s, or what else is the limit. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  limitMs = TIMEOUT_MS,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`in ${limitMs} ms it did not come true that ${what}`, { cause: last });
}
