import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { accountOf } from '../../subject/account-of.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const accountTerms: Requirement = {
  id: 'accounts/terms',
  title: 'MUST count each settlement in its own term, and what is not settled as pending',
  source: contractType('SubscriptionAccount'),
  profile: 'accounts',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler();
    subject.consume(a, handler);
    await subject.store('delivered', 'filtered', 'dead-lettered', 'dropped', 'unsettled');
    await subject.eventually(() => expect(handler.inFlight).toBe(5));
    for (const settlement of ['delivered', 'filtered', 'dead-lettered', 'dropped'] as const) {
      handler.settle(settlement, settlement);
    }
    await subject.eventually(() => {
      expect(accountOf(subject, 'a')).toEqual({
        ...{ accepted: 5, delivered: 1, filtered: 1, deadLettered: 1, pending: 1 },
        dropped: { handler: 1 },
      });
    });
  },
};
