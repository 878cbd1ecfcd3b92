import { expect } from 'vitest';
import { contractOf, contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

/** What the contract gives `durability`. */
const LIMIT_MS = 5000;

const LEVELS = ['Volatile', 'ProcessOnly', 'Replicated', 'Synced'];

export const durabilityTold: Requirement = {
  id: 'durability/told',
  title:
    'MUST tell within 5 s, with the reason, what a 202 survives: Volatile exactly where it does not declare durable',
  source: `${contractOf('durability')}; ${contractType('Durability')}`,
  profile: 'core',
  async check(subject) {
    const { driver, capabilities } = subject;
    await subject.within(Promise.allSettled([driver.durability()]), 'durability', LIMIT_MS);
    // A driver that has just been opened may not be able to tell yet.
    const told = await subject.eventually(async () => {
      const answer = await driver.durability();
      if (!answer) expect.fail('It does not tell what a 202 survives, although the store is there');
      return answer;
    });
    expect(LEVELS).toContain(told.level);
    expect(told.message, 'the reason for the level').not.toBe('');
    expect(told.level === 'Volatile', `whether ${told.level} is Volatile`).toBe(!capabilities.durable);
  },
};
