import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const publishNeverRejects: Requirement = {
  id: 'publish/never-rejects',
  title: 'MUST NOT reject a publish: that the Channel is not there, or the driver is closed, is an answer',
  source: contractOf('publish'),
  profile: 'core',
  async check(subject) {
    const answerOf = (what: string, publishing: () => Promise<unknown>) =>
      publishing().catch((error: unknown) => expect.fail(`A publish ${what} rejected: ${String(error)}`));
    await answerOf('to an unknown Channel', async () => subject.publish('1'));
    const place = subject.newChannel({ purpose: 'dead-letters' });
    await answerOf('to an unknown dead-letter place', async () => subject.publish('2', place));
    await subject.driver.close();
    await answerOf('to a closed driver', async () => subject.publish('3'));
  },
};
