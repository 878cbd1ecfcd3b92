import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';
import { KeptAnswer } from './kept-answer.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** Answers how often it was asked. */
function counting(): KeptAnswer<number> {
  let asked = 0;
  return new KeptAnswer(systemClock, 3000, () => Promise.resolve(++asked));
}

it('gives all who ask for a while one answer, and then a new one', async () => {
  const kept = counting();
  expect(await Promise.all([kept.get(), kept.get()])).toEqual([1, 1]);
  vi.advanceTimersByTime(2999);
  expect(await kept.get()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await kept.get()).toBe(2);
});

it('asks anew once the answer is forgotten', async () => {
  const kept = counting();
  await kept.get();
  kept.forget();
  expect(await kept.get()).toBe(2);
});
