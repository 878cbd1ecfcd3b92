import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

/** What the contract gives `close`. */
const LIMIT_MS = 5000;

export const downAfterClose: Requirement = {
  id: 'health/down-after-close',
  title: 'MUST close within 5 s, and say after that, without rejecting, that it is down and why',
  source: `${contractOf('close')}; ${contractOf('health')}`,
  profile: 'core',
  async check(subject) {
    await subject.ready('a');
    await subject.within(subject.driver.close(), 'close', LIMIT_MS);
    const health = await subject.driver.health();
    expect(health.status, 'the health of a closed driver').toBe('down');
    if (health.status === 'down') expect(health.message).not.toBe('');
  },
};
