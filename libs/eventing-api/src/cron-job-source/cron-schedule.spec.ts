import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, readCronSchedule } from './cron-schedule.js';

function scheduleOf(expression: string, timeZone?: string) {
  const reading = readCronSchedule(expression, timeZone);
  if (reading.outcome === 'invalid') throw new Error(reading.message);
  return reading.schedule;
}

/** The next times, as `MM-DDThh:mm`. */
function times(expression: string, from: string, count: number, timeZone?: string): string[] {
  const schedule = scheduleOf(expression, timeZone);
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count;) {
    at = schedule.nextAfter(at)!;
    found.push(new Date(at).toISOString().slice(5, 16));
  }
  return found;
}

describe('a schedule', () => {
  it.each([
    ['*/20 * * * *', ['03-07T00:20', '03-07T00:40', '03-07T01:00']],
    ['5/25 * * * *', ['03-07T00:05', '03-07T00:30', '03-07T00:55']],
    ['0 9-17/4 * * MON-FRI', ['03-09T09:00', '03-09T13:00', '03-09T17:00']],
    ['0 0 1 jan,JUL ?', ['07-01T00:00', '01-01T00:00', '07-01T00:00']],
    ['0 12 13 * 5', ['03-13T12:00', '03-20T12:00', '03-27T12:00']],
    ['0 0 * * 7', ['03-08T00:00', '03-15T00:00', '03-22T00:00']],
    ['@hourly', ['03-07T01:00', '03-07T02:00', '03-07T03:00']],
    ['@daily', ['03-08T00:00', '03-09T00:00', '03-10T00:00']],
    [' @midnight ', ['03-08T00:00', '03-09T00:00', '03-10T00:00']],
    ['@weekly', ['03-08T00:00', '03-15T00:00', '03-22T00:00']],
    ['@monthly', ['04-01T00:00', '05-01T00:00', '06-01T00:00']],
    ['@annually', ['01-01T00:00', '01-01T00:00', '01-01T00:00']],
  ])('"%s" is due at %j', (expression, expected) => {
    expect(times(expression, '2026-03-07T00:00:00Z', 3)).toEqual(expected);
  });

  it.each([
    ['* * * *', 'five fields are needed'],
    ['0 * * * * *', 'five fields are needed'],
    ['', 'five fields are needed'],
    ['2026-05-01T00:00:00', 'five fields are needed'],
    ['@every 5m', '"@every 5m" is none of @hourly'],
    ['@reboot', 'is none of @hourly'],
    ['60 * * * *', 'minute: 60'],
    ['* 24 * * *', 'hour: 24'],
    ['* * 0 * *', 'day'],
    ['*/0 * * * *', 'stepping: 0'],
    ['30-10 * * * *', '30-10'],
    ['noon * * * *', '"noon" is no minute: numbers'],
    ['* * * FOO *', '"FOO" is no month: numbers, jan, feb'],
    ['0 0 L * *', '"L" is no day of month'],
    ['0 0 * * MON#2', '"MON#2" is no day of week'],
    ['/5 * * * *', '"/5" is no minute'],
    ['0 0 30 2 *', 'no such day in any year'],
  ])('"%s" is none, and it says why', (expression, message) => {
    expect(readCronSchedule(expression)).toEqual({ outcome: 'invalid', message: expect.stringContaining(message) });
  });

  it('is never due at the time that it was asked about, nor before', () => {
    const range = { min: new Date('1980-01-01'), max: new Date('2080-01-01'), noInvalidDate: true };
    const expression = fc.constantFrom('* * * * *', '7/13 */5 * * 1-5', '30 2 29 2 *', '@hourly', '15 1-3 * * *');
    const timeZone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia');
    fc.assert(
      fc.property(expression, timeZone, fc.date(range), (text, zone, from) => {
        const next = scheduleOf(text, zone).nextAfter(from.getTime())!;
        expect(next).toBeGreaterThan(from.getTime());
        expect(next % 60_000).toBe(0);
      }),
    );
  });
});

describe('in a time zone', () => {
  const NEW_YORK = 'America/New_York';

  it('it is due by the clock there', () => {
    expect(times('0 9 * * *', '2026-01-15T00:00:00Z', 1, 'Asia/Kathmandu')).toEqual(['01-15T03:15']);
  });

  it.each([
    ['at the time that the clock leaves out: when it has jumped', '30 2 * * *', ['03-08T07:00', '03-09T06:30']],
    ['at several fixed times', '30 2,14 * * *', ['03-08T07:00', '03-08T18:30', '03-09T06:30']],
    ['every hour: no hour of that day is left out', '0 * * * *', ['03-08T06:00', '03-08T07:00', '03-08T08:00']],
  ])('in spring it is due %s', (_, expression, expected) => {
    expect(times(expression, '2026-03-08T05:00:00Z', expected.length, NEW_YORK)).toEqual(expected);
  });

  it.each([
    ['at the time that comes twice: the first time', '30 1 * * *', ['11-01T05:30', '11-02T06:30']],
    ['every half hour: in both of the hours', '*/30 * * * *', ['11-01T05:30', '11-01T06:00', '11-01T06:30']],
  ])('in autumn it is due %s', (_, expression, expected) => {
    expect(times(expression, '2026-11-01T05:00:00Z', expected.length, NEW_YORK)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Europe/Atlantis', false],
    ['+01:00', false],
    ['', false],
  ])('whose name is "%s": %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
