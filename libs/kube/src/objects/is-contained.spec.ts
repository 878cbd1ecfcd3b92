import { expect, it } from 'vitest';
import { isContained } from './is-contained.js';

it.each([
  [{ a: 1 }, { a: 1, filledIn: true }, true],
  [{ a: { b: 'x' } }, { a: { b: 'x', c: 'y' } }, true],
  [{ a: undefined }, {}, true],
  [[{ a: 1 }], [{ a: 1, b: 2 }], true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, undefined, false],
  [{ a: {} }, { a: null }, false],
  [[1], [1, 2], false],
  [[1, 2], [2, 1], false],
])('%j in %j: %s', (desired, actual, expected) => {
  expect(isContained(desired, actual)).toBe(expected);
});
