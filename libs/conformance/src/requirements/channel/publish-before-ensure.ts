import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';

export const publishBeforeEnsure: Requirement = {
  id: 'channel/publish-before-ensure',
  title: 'MUST refuse a publish to a Channel that was never ensured as not-found',
  source: contractType('PublishRefusal'),
  profile: 'core',
  async check(subject) {
    expectRefused(await subject.publish('1'), 'not-found');
  },
};
