import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const deleteNeverAccepted: Requirement = {
  id: 'channel/delete-never-accepted',
  title: 'MUST delete a Channel whatever its arguments are, since one that was never accepted is deleted too',
  source: contractType('DriverChannel'),
  profile: 'core',
  async check(subject) {
    const odd = { partitions: 'many', nested: { list: [null, 1] }, retention: -1 };
    await subject.driver.deleteChannel(subject.newChannel({ arguments: odd }));
    await subject.ready('a');
    await subject.driver.deleteChannel({ ...subject.channel, arguments: odd });
  },
};
