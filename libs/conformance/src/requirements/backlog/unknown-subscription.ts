import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const backlogOfUnknown: Requirement = {
  id: 'backlog/unknown-subscription',
  title: 'MUST NOT show a figure for a Subscription that it does not know',
  source: contractOf('backlog'),
  profile: 'backlog',
  async check(subject) {
    await subject.ready('a');
    const unknown = subject.subscription('unknown');
    const figure = await subject.driver.backlog(unknown).catch(() => undefined);
    expect(figure, 'the backlog of an unknown Subscription').toBeUndefined();
  },
};
