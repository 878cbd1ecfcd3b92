import { expect, it } from 'vitest';
import { systemClock } from './clock.js';

it('a delay beyond what a timer takes is long, not over at once', async () => {
  let called = false;
  const timer = systemClock.schedule(2 ** 31, () => (called = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  timer.cancel();
  expect(called).toBe(false);
});
