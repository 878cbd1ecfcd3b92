import { vi } from 'vitest';

const LOOK_AGAIN_MS = 5;

/** Waits until the assertions hold; fails with their last error after `limitMs`. */
export function waitFor<T>(assertions: () => T | Promise<T>, limitMs: number): Promise<T> {
  return vi.waitFor(assertions, { interval: LOOK_AGAIN_MS, timeout: limitMs });
}

/** The promise, or a failure after `limitMs` as `afterTurns` counts them. */
export async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const callOff = afterTurns(limitMs, () => overdue.reject(new Error(`${what} did not end within ${limitMs} ms`)));
  try {
    return await Promise.race([promise, overdue.promise]);
  } finally {
    callOff();
  }
}

/** As much time as one turn may count for. */
const TURN_MS = 25;

/**
 * Calls back after so much time, of which only that counts in which this process had its turns: a driver that shares the process is not to blame for the
 * seconds in which the machine was busy with others. Returns what calls it off.
 */
export function afterTurns(ms: number, callback: () => void): () => void {
  let turnsLeft = Math.ceil(ms / TURN_MS);
  // However late a turn of an interval comes, it comes once.
  const timer = setInterval(() => {
    if (--turnsLeft > 0) return;
    clearInterval(timer);
    callback();
  }, TURN_MS);
  return () => clearInterval(timer);
}

/** A deadline that never comes. */
export function noDeadline(): AbortSignal {
  return new AbortController().signal;
}

/** A deadline that comes at once, but not before it is given to somebody. */
export function deadlineSoon(): AbortSignal {
  const deadline = new AbortController();
  setImmediate(() => deadline.abort(new Error('The deadline has come')));
  return deadline.signal;
}

/** A deadline that has passed. */
export function pastDeadline(): AbortSignal {
  return AbortSignal.abort();
}
