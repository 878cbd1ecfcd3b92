import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRejection } from '../../subject/expectations.js';

export const needsItsChannel: Requirement = {
  id: 'subscription/needs-its-channel',
  title: 'MUST reject ensureSubscription while its Channel is not there, since it could keep nothing for it',
  source: contractOf('ensureSubscription'),
  profile: 'core',
  async check(subject) {
    await expectRejection(
      () => subject.driver.ensureSubscription(subject.subscription('a'), 'now'),
      'ensureSubscription without its Channel',
    );
  },
};
