import { describe, expect, it } from 'vitest';
import { formatRetryAfter, parseRetryAfterMs } from './retry-after.js';

const now = Date.parse('2019-02-12T17:31:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Tue, 12 Feb 2019 17:32:00 GMT', 60_000],
    ['Tuesday, 12-Feb-19 17:32:00 GMT', 60_000],
    ['Tue Feb 12 17:32:00 2019 GMT', 60_000],
    ['Tue, 12 Feb 2019 17:30:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j means %j ms', (value, expected) => {
    expect(parseRetryAfterMs(value, now)).toBe(expected);
  });

  it('is written in whole seconds, at least one', () => {
    expect([0, 1, 1000, 1001, 60_000].map(formatRetryAfter)).toEqual(['1', '1', '1', '2', '60']);
  });
});
