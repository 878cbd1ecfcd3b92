import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from './backoff.js';

const exponential = { backoffPolicy: 'exponential', backoffDelayMs: 200, backoffMaxMs: 60_000 } as const;
const middle = () => 0.5;

describe('the wait before a retry', () => {
  it.each([
    ['exponential', [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]],
    ['linear', [200, 400, 600, 800, 1000, 1200]],
  ] as const)('grows %s', (backoffPolicy, waits) => {
    expect(waits.map((_, index) => backoffDelayMs({ ...exponential, backoffPolicy }, index + 1, middle))).toEqual(
      waits,
    );
  });

  it('is spread by up to 20 % either way', () => {
    expect(backoffDelayMs(exponential, 1, () => 0)).toBe(160);
    expect(backoffDelayMs(exponential, 1, () => 0.999999)).toBe(240);
  });

  it('is never more than its limit, never less than 0, and a whole number, for a thousand retries too', () => {
    const delivery = fc.record({
      backoffPolicy: fc.constantFrom('linear' as const, 'exponential' as const),
      backoffDelayMs: fc.nat(86_400_000),
      backoffMaxMs: fc.nat(86_400_000),
    });
    fc.assert(
      fc.property(
        delivery,
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (spec, retry, random) => {
          const waitMs = backoffDelayMs(spec, retry, () => random);
          expect(Number.isInteger(waitMs)).toBe(true);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(spec.backoffMaxMs);
        },
      ),
    );
  });
});
