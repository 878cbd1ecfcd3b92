import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateAgainstSchema } from '../schema/validate-against-schema.js';
import { DurationText } from './duration.schema.js';
import { parseDurationMs } from './duration.js';

const setting = DurationText('How long to wait.', ['PT30S']);

describe('a duration', () => {
  it.each([
    ['PT0.2S', 200],
    ['PT0,2S', 200],
    ['PT30S', 30_000],
    ['PT1.5M', 90_000],
    ['PT1H30M', 5_400_000],
    ['P1D', 86_400_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['P0D', 0],
    ['PT0S', 0],
    ['PT0.0004S', 0],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
    expect(validateAgainstSchema(setting, text)).toEqual([]);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '30s',
    '5',
    'pt5s',
    ' PT5S',
    'PT5S\n',
    'PT5',
    'T5S',
    'PT5S3M',
    'PT1S1S',
    'PT.5S',
    'PT5.S',
    '-PT5S',
    'PT-5S',
    '+PT5S',
    'P1Y',
    'P1M',
    'PT0.5M3S',
    'P1D2H',
    'PT1e3S',
    'PT١S',
  ])('%j is none', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
    expect(validateAgainstSchema(setting, text)).toMatchObject([{ message: expect.stringContaining('ISO 8601') }]);
  });

  it('is the sum of its parts', () => {
    const amount = fc.option(fc.nat(1000), { nil: undefined });
    fc.assert(
      fc.property(amount, amount, amount, amount, (days, hours, minutes, seconds) => {
        const part = (value: number | undefined, unit: string) => (value === undefined ? '' : `${value}${unit}`);
        const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S');
        const text = `P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
        fc.pre(text !== 'P');

        const totalS = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
        expect(parseDurationMs(text)).toBe(totalS * 1000);
      }),
    );
  });
});
