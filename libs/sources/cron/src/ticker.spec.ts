import { readCronSchedule } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { SettableClock } from '../test/settable-clock.js';
import { Ticker } from './ticker.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function tickerOf(expression: string, from: string, timeZone?: string) {
  const reading = readCronSchedule(expression, timeZone);
  if (reading.outcome === 'invalid') throw new Error(reading.message);
  const clock = new SettableClock(Date.parse(from));
  const ticks: string[] = [];
  const told = { missed: 0 };
  const ticker = new Ticker({
    schedule: reading.schedule,
    clock,
    onTick: (dueAtMs) => ticks.push(new Date(dueAtMs).toISOString().slice(0, 16)),
    onMissed: (count) => (told.missed += count),
  });
  ticker.start();
  return { ticker, clock, ticks, told };
}

describe('a ticker', () => {
  it('ticks once at each time of a year', () => {
    const { clock, ticks, told } = tickerOf('0 12 * * *', '2026-01-01T00:00:00Z');
    clock.advance(365 * DAY);
    expect(ticks).toHaveLength(365);
    expect([ticks[0], ticks[364]]).toEqual(['2026-01-01T12:00', '2026-12-31T12:00']);
    expect(told.missed).toBe(0);
  });

  it('ticks when it is due, not before', () => {
    const { clock, ticks } = tickerOf('*/5 * * * *', '2026-01-01T00:00:00Z');
    clock.advance(5 * MINUTE - 1);
    expect(ticks).toEqual([]);
    clock.advance(1);
    expect(ticks).toEqual(['2026-01-01T00:05']);
  });

  it('keeps to one tick a day in the nights in which the clocks change', () => {
    const spring = tickerOf('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin');
    spring.clock.advance(3 * DAY);
    expect(spring.ticks).toEqual(['2026-03-29T01:00', '2026-03-30T00:30', '2026-03-31T00:30']);
    const autumn = tickerOf('30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin');
    autumn.clock.advance(3 * DAY);
    expect(autumn.ticks).toEqual(['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30']);
  });

  it('is silent once it is stopped', () => {
    const { ticker, clock, ticks } = tickerOf('* * * * *', '2026-01-01T00:00:00Z');
    ticker.stop();
    clock.advance(HOUR);
    expect(ticks).toEqual([]);
    expect(clock.waits).toEqual([]);
  });
});

describe('when the machine slept', () => {
  it('counts what it missed, and makes nothing up', () => {
    const { clock, ticks, told } = tickerOf('*/10 * * * *', '2026-01-01T00:05:00Z');
    clock.set(3 * HOUR);
    clock.advance(10 * MINUTE);
    expect(told.missed).toBe(18);
    expect(ticks).toEqual(['2026-01-01T03:10']);
  });

  it('still sends what has been due for less than a minute', () => {
    const { clock, ticks, told } = tickerOf('0 * * * *', '2026-01-01T00:30:00Z');
    clock.set(29 * MINUTE + 30_000);
    clock.advance(MINUTE);
    expect(ticks).toEqual(['2026-01-01T01:00']);
    expect(told.missed).toBe(0);
  });
});

describe('when the clock is set', () => {
  it('back by a little, repeats no tick', () => {
    const { clock, ticks } = tickerOf('*/10 * * * *', '2026-01-01T00:05:00Z');
    clock.advance(10 * MINUTE);
    clock.set(-20 * MINUTE);
    clock.advance(30 * MINUTE);
    expect(ticks).toEqual(['2026-01-01T00:10', '2026-01-01T00:20']);
  });

  it('back by far, starts over from there', () => {
    const { clock, ticks, told } = tickerOf('0 * * * *', '2036-01-01T00:30:00Z');
    clock.set(Date.parse('2026-01-01T00:30:00Z') - clock.now());
    clock.advance(HOUR);
    expect(ticks).toEqual(['2026-01-01T01:00']);
    expect(told.missed).toBe(0);
  });

  it('forward by far, starts over from there and counts nothing', () => {
    const { clock, ticks, told } = tickerOf('* * * * *', '1970-01-01T00:00:30Z');
    clock.set(Date.parse('2026-01-01T00:00:30Z') - clock.now());
    clock.advance(2 * MINUTE);
    expect(ticks).toEqual(['2026-01-01T00:02']);
    expect(told.missed).toBe(0);
  });
});
