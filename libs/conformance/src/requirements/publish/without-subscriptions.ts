import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const publishWithoutSubscriptions: Requirement = {
  id: 'publish/without-subscriptions',
  title: 'MUST take events of a Channel as soon as it is ensured, although nobody subscribes to it',
  source: contractOf('ensureChannel'),
  profile: 'core',
  async check(subject) {
    await subject.driver.ensureChannel(subject.channel);
    for (const id of ['1', '2', '3']) expect(await subject.publish(id)).toEqual({ outcome: 'stored' });
  },
};
