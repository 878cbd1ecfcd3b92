import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { waitFor } from '../../subject/waiting.js';

/** As of at most 5 s ago, told within 2 s: what the contract gives `health`. */
const LIMIT_MS = 7000;

export const healthTells: Requirement = {
  id: 'outage/health-tells',
  title: 'MUST say down while the store is away, without rejecting, and up when it is back',
  source: contractOf('health'),
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    await subject.eventually(async () => expect(await subject.driver.health()).toEqual({ status: 'up' }));
    const revive = await subject.harness.killStore?.();
    try {
      const limitMs = Math.min(LIMIT_MS, subject.patienceMs);
      await waitFor(async () => expect((await subject.driver.health()).status).toBe('down'), limitMs);
    } finally {
      await revive?.();
    }
    await subject.eventually(async () => expect(await subject.driver.health()).toEqual({ status: 'up' }));
  },
};
