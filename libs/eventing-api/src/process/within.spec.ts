import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';
import { within } from './within.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

it('is what the promise comes to in time, and leaves no timer behind', async () => {
  expect(await within(systemClock, 1000, Promise.resolve('done'))).toBe('done');
  await expect(within(systemClock, 1000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(vi.getTimerCount()).toBe(0);
});

it('complains when the time is over, not before', async () => {
  const answer = Promise.withResolvers<string>();
  const inTime = within(systemClock, 1000, answer.promise);
  const late = within(systemClock, 999, answer.promise, 'The broker did not answer');
  vi.advanceTimersByTime(999);
  answer.resolve('done');
  await expect(late).rejects.toThrow(new Error('The broker did not answer within 999 ms'));
  expect(await inTime).toBe('done');
});

it('leaves a failure that comes later unheard', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const answer = Promise.withResolvers<never>();
  const late = within(systemClock, 1000, answer.promise);
  vi.advanceTimersByTime(1000);
  await expect(late).rejects.toThrow(new Error('not done within 1000 ms'));
  answer.reject(new Error('refused'));
  // Node tells of rejections that nobody handles before it goes on to the next phase of its event loop.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
