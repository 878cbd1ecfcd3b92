import { vi } from 'vitest';

/** Waits until the assertions hold; fails with their last error after 10 s, which even a busy machine does not need. */
export function eventually<T>(assertions: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertions, { interval: 5, timeout: 10_000 });
}
