import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const backlogOfWaiting: Requirement = {
  id: 'backlog/waiting',
  title: 'MUST count in `pending` what is stored and not settled, for each Subscription on its own, down to 0',
  source: contractType('Backlog'),
  profile: 'backlog',
  async check(subject) {
    const [a, b] = await subject.ready('a', 'b');
    await subject.eventually(async () => {
      expect(await subject.driver.backlog(a)).toMatchObject({ pending: 0, inFlight: 0 });
    });
    const ids = idsOf(7);
    await subject.store(...ids);
    const handler = new RecordingHandler('delivered');
    subject.consume(b, handler);
    await subject.eventually(async () => {
      expect(await subject.driver.backlog(a)).toMatchObject({ pending: 7, inFlight: 0 });
      expect(await subject.driver.backlog(b)).toMatchObject({ pending: 0, inFlight: 0 });
    });
    const age = (await subject.driver.backlog(a))?.oldestMs;
    if (age !== undefined) expect(age, 'oldestMs').toBeGreaterThanOrEqual(0);
  },
};
