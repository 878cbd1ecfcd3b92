import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partitionOf } from './partition-of.js';

it('brings every key into one of the partitions, the same each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
      const partition = partitionOf(key, partitions);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(partitions);
      expect(partitionOf(key, partitions)).toBe(partition);
    }),
  );
});

it('is the function that it has always been', () => {
  expect(['', 'a', 'k1', 'customer-4711', 'Grüße'].map((key) => partitionOf(key, 64))).toEqual([25, 32, 60, 49, 22]);
});

it('spreads keys that differ in one digit evenly enough', () => {
  const counts = new Array<number>(8).fill(0);
  for (let customer = 0; customer < 8000; customer++) counts[partitionOf(`customer-${customer}`, 8)]!++;
  for (const count of counts) expect(count).toBeGreaterThan(800);
});
