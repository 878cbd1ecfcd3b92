import type { Clock } from './clock.js';

/**
 * The outcome of the promise, or a rejection once `limitMs` of `clock` are over. What was begun goes on then, and what it comes to is nobody's business.
 *
 * @param complaint begins the message of that rejection: `NATS did not answer within 1800 ms`. Default `not done`.
 * @throws Error where it took longer
 */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  promise: Promise<T>,
  complaint = 'not done',
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = clock.schedule(limitMs, () => late.reject(new Error(`${complaint} within ${limitMs} ms`)));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    timer.cancel();
  }
}
