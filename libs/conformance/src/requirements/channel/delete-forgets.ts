import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';

export const deleteForgetsChannel: Requirement = {
  id: 'channel/delete-forgets',
  title: 'MUST refuse publishes to a deleted Channel as not-found',
  source: contractOf('deleteChannel'),
  profile: 'core',
  async check(subject) {
    await subject.ready('a');
    await subject.store('1');
    await subject.driver.deleteChannel(subject.channel);
    // Other processes may take a moment to hear of it.
    await subject.eventually(async () => expectRefused(await subject.publish('2'), 'not-found'));
  },
};
