import { expect } from 'vitest';
import type { Settlement } from '@millrace/eventing-api';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { accountOf } from '../../subject/account-of.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

const SETTLEMENTS: readonly Settlement[] = ['delivered', 'filtered', 'dead-lettered', 'dropped', 'release'];

export const accountsBalance: Requirement = {
  id: 'accounts/balance',
  title:
    'MUST keep accounts that balance at every moment: accepted = delivered + filtered + deadLettered + dropped + pending',
  source: contractType('SubscriptionAccount'),
  profile: 'accounts',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler();
    let consumption = subject.consume(a, handler, { maxInFlight: 4 });
    const ids = idsOf(30);
    for (const [index, id] of ids.entries()) {
      await subject.store(id);
      accountOf(subject, 'a');
      handler.settleNext(SETTLEMENTS[index % SETTLEMENTS.length] ?? 'delivered');
      accountOf(subject, 'a');
      if (index % 10 !== 9) continue;
      await consumption.stop(deadlineSoon());
      accountOf(subject, 'a');
      consumption = subject.consume(a, handler, { maxInFlight: 4 });
      accountOf(subject, 'a');
    }
    handler.settleAll('delivered');
    await subject.eventually(() => {
      consumption.resume();
      expect(accountOf(subject, 'a')).toMatchObject({ accepted: ids.length, pending: 0 });
    });
  },
};
