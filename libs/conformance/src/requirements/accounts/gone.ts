import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { accountOf } from '../../subject/account-of.js';

export const accountsOfTheGone: Requirement = {
  id: 'accounts/gone',
  title: 'MUST go on showing what a deleted Subscription, or a deleted Channel, took along, by reason',
  source: contractOf('accounts'),
  profile: 'accounts',
  async check(subject) {
    const [a] = await subject.ready('a', 'b');
    await subject.store('1', '2');
    await subject.driver.deleteSubscription(a);
    expect(accountOf(subject, 'a')).toMatchObject({
      ...{ accepted: 2, pending: 0 },
      dropped: { 'subscription-deleted': 2 },
    });
    await subject.driver.deleteChannel(subject.channel);
    expect(accountOf(subject, 'b')).toMatchObject({ accepted: 2, pending: 0, dropped: { 'channel-deleted': 2 } });
  },
};
