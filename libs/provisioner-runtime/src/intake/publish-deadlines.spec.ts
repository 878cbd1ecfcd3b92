import { expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { PublishDeadlines } from './publish-deadlines.js';

it('aborts publishes when their time is up, with one timer for all that began together', () => {
  const clock = new ManualClock();
  const deadlines = new PublishDeadlines(10_000, clock);
  const first = deadlines.next();
  clock.advance(249);
  expect(deadlines.next()).toBe(first);
  clock.advance(1);
  const second = deadlines.next();
  expect(second).not.toBe(first);
  expect(clock.waits).toHaveLength(2);
  clock.advance(9750);
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  clock.advance(250);
  expect(second.aborted).toBe(true);
});
