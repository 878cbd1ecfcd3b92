/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time, injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once after `delayMs`; the timer does not keep the process alive. */
  schedule(delayMs: number, callback: () => void): Timer;
}

/** What setTimeout takes: a longer delay would end at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of the machine. A delay of more than 24 days ends after 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const timeout = setTimeout(callback, Math.min(delayMs, MAX_TIMEOUT_MS));
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  },
};

/** Resolves after `delayMs` of `clock`, or rejects with the signal's reason when that aborts first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
