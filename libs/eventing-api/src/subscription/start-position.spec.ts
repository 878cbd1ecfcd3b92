import { expect, it } from 'vitest';
import { parseStartPosition } from './start-position.js';

it.each([
  [undefined, 'resume'],
  ['resume', 'resume'],
  ['latest', 'now'],
  ['earliest', 'earliest'],
  ['2026-01-31T12:00:00Z', { time: new Date(Date.UTC(2026, 0, 31, 12)) }],
  ['2026-01-31T12:00:00.250+01:00', { time: new Date(Date.UTC(2026, 0, 31, 11, 0, 0, 250)) }],
])('the start position %s means %o', (text, expected) => {
  expect(parseStartPosition(text)).toEqual(expected);
});

it.each([
  '',
  'Latest',
  'now',
  '2026-01-31',
  '2026-01-31T12:00:00',
  '2026-13-01T12:00:00Z',
  '2026-02-29T12:00:00Z',
  '2016-12-31T23:59:60Z',
  '2026-01-31T12:00:00+01:00[Europe/Paris]',
  'Sat, 31 Jan 2026 12:00:00 GMT',
  '1769860800000',
])('"%s" is none', (text) => {
  expect(parseStartPosition(text)).toBeUndefined();
});
