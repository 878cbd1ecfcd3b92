import { describe, expect, it } from 'vitest';
import { classifyStatus } from './classify-status.js';

describe('an answer with status', () => {
  it.each([
    [100, 'refused'],
    [199, 'refused'],
    [200, 'delivered'],
    [201, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [300, 'refused'],
    [301, 'refused'],
    [302, 'refused'],
    [304, 'refused'],
    [307, 'refused'],
    [308, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [405, 'refused'],
    [410, 'refused'],
    [413, 'refused'],
    [415, 'refused'],
    [422, 'refused'],
    [431, 'refused'],
    [499, 'refused'],
    [404, 'retryable'],
    [408, 'retryable'],
    [409, 'retryable'],
    [429, 'retryable'],
    [500, 'retryable'],
    [501, 'retryable'],
    [502, 'retryable'],
    [503, 'retryable'],
    [504, 'retryable'],
    [599, 'retryable'],
    [600, 'retryable'],
    [999, 'retryable'],
  ] as const)('%i is %s', (status, verdict) => {
    expect(classifyStatus(status)).toBe(verdict);
  });
});
