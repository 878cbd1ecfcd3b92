import { expect } from 'vitest';
import { noBacklog } from '../../requirement/needs.js';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const backlogNotClaimed: Requirement = {
  id: 'backlog/not-claimed',
  title: 'MUST answer undefined, and not 0, where it cannot tell what waits',
  source: contractOf('backlog'),
  profile: 'core',
  needs: noBacklog,
  async check(subject) {
    const [a] = await subject.ready('a');
    await subject.store('1');
    expect(await subject.driver.backlog(a)).toBeUndefined();
  },
};
