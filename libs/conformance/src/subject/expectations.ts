import type { PublishRefusal, PublishResult } from '@millrace/eventing-api';
import { expect } from 'vitest';

type Refused = Extract<PublishResult, { outcome: 'refused' }>;

/** A refusal with one of these codes that people and producers can act on. */
export function expectRefused(result: PublishResult, ...codes: readonly PublishRefusal[]): Refused {
  expect(result.outcome, 'the outcome of the publish').toBe('refused');
  const refused = result as Refused;
  expect(codes, 'the codes of which the refusal has one').toContain(refused.code);
  expect(refused.message, 'the message of the refusal').not.toBe('');
  if (refused.retryAfterMs !== undefined) {
    expect(refused.retryAfterMs, 'retryAfterMs').toBeGreaterThan(0);
  }
  return refused;
}

/** A promise that rejects, with an Error whose message a person can act on. A method that throws instead is as good. */
export async function expectRejection(call: () => unknown, what: string): Promise<void> {
  let error: unknown;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, `the rejection of ${what}`).toBeInstanceOf(Error);
  expect((error as Error).message, `the message of the rejection of ${what}`).not.toBe('');
}

/** The set of these ids, in the order that makes a failure easy to read. */
export function idsOf(count: number, prefix = 'event'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
