import type { Clock } from '@millrace/eventing-api';

/**
 * The outcome of the promise, or a rejection after `limitMs`. What the promise comes to later is nobody's business.
 *
 * @throws Error where it took longer
 */
export async function within<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = clock.schedule(limitMs, () =>
    overdue.reject(new Error(`The broker did not answer within ${limitMs / 1000} s`)),
  );
  try {
    return await Promise.race([promise, overdue.promise]);
  } finally {
    timer.cancel();
    promise.catch(() => {});
  }
}
