import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration } from './age.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

describe('An age is told as kubectl tells it', () => {
  it.each([
    [0, '0s'],
    [5 * SECOND, '5s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [3 * MINUTE + 12 * SECOND, '3m12s'],
    [10 * MINUTE + 30 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR + 59 * SECOND, '3h'],
    [7 * HOUR + 5 * MINUTE, '7h5m'],
    [8 * HOUR + 59 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [3 * DAY + 4 * HOUR, '3d4h'],
    [8 * DAY + 4 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [2 * YEAR, '2y'],
    [3 * YEAR + 40 * DAY, '3y40d'],
    [9 * YEAR + 40 * DAY, '9y'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('takes a clock that is a second behind for now, and one that is further behind for invalid', () => {
    expect(formatDuration(-900)).toBe('0s');
    expect(formatDuration(-1900)).toBe('0s');
    expect(formatDuration(-5000)).toBe('<invalid>');
  });

  it('does not know the age of what is no time', () => {
    expect(formatAge('yesterday', 0)).toBe('<invalid>');
  });
});
