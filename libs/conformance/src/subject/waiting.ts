import { vi } from 'vitest';

const LOOK_AGAIN_MS = 5;

/** Waits until the assertions hold; fails with their last error after `limitMs`. */
export function waitFor<T>(assertions: () => T | Promise<T>, limitMs: number): Promise<T> {
  return vi.waitFor(assertions, { interval: LOOK_AGAIN_MS, timeout: limitMs });
}

/** The promise, or a failure after `limitMs`. */
export async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = setTimeout(() => overdue.reject(new Error(`${what} did not end within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([promise, overdue.promise]);
  } finally {
    clearTimeout(timer);
  }
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
