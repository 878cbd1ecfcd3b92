import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

/** What the contract gives a probe. */
const LIMIT_MS = 2000;

export const healthUp: Requirement = {
  id: 'health/up',
  title: 'MUST say within 2 s that it is up while the store works, however many ask',
  source: contractOf('health'),
  profile: 'core',
  async check(subject) {
    // A driver that has just been opened may still be connecting.
    await subject.eventually(async () => expect(await subject.driver.health()).toEqual({ status: 'up' }));
    const answers = Array.from({ length: 50 }, () => subject.driver.health());
    const states = await subject.within(Promise.all(answers), 'health', LIMIT_MS);
    for (const state of states) expect(state).toEqual({ status: 'up' });
  },
};
