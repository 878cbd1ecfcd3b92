import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const deadLettersUnread: Requirement = {
  id: 'dead-letters/stored-unread',
  title: 'MUST answer the publish of a dead letter when it is stored, without waiting for a reader',
  source: contractType('Capabilities'),
  profile: 'dead-letters',
  async check(subject) {
    const place = subject.newChannel({ purpose: 'dead-letters' });
    await subject.readyOn(place, 'reader');
    const result = await subject.within(subject.publish('letter', place), 'the publish of a dead letter');
    expect(result).toEqual({ outcome: 'stored' });
  },
};
