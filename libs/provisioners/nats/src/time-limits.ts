import type { Clock } from '@millrace/eventing-api';

/** When an answer must have been given: at the first of both. */
export interface Deadline {
  readonly atMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The outcome of the action, which never rejects, or what stands for it when the deadline has come. */
export function inTime<T>(clock: Clock, { atMs, signal }: Deadline, action: Promise<T>, instead: () => T): Promise<T> {
  if (signal?.aborted) return Promise.resolve(instead());
  return new Promise((resolve) => {
    const end = (outcome: T) => {
      timer.cancel();
      signal?.removeEventListener('abort', onLate);
      resolve(outcome);
    };
    const onLate = () => end(instead());
    const timer = clock.schedule(Math.max(0, atMs - clock.now()), onLate);
    signal?.addEventListener('abort', onLate, { once: true });
    void action.then(end);
  });
}
