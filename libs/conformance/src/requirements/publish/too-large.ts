import { limitedEventSize } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';
import { testEvent } from '../../subject/test-event.js';

export const publishTooLarge: Requirement = {
  id: 'publish/too-large',
  title: 'MUST refuse an event that is larger than the store takes as too-large, and take the next one',
  source: contractType('PublishRefusal'),
  profile: 'core',
  needs: limitedEventSize,
  async check(subject) {
    await subject.ready('a');
    const body = Buffer.alloc((subject.harness.maxEventBytes ?? 0) + 1024);
    const publishing = subject.publish(testEvent('too large', { body, contentType: 'application/octet-stream' }));
    expectRefused(await subject.within(publishing, 'the publish of an event that is too large'), 'too-large');
    await subject.store('small');
  },
};
