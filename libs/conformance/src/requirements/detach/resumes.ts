import { expect } from 'vitest';
import { answersWhenStored } from '../../requirement/needs.js';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const detachResumes: Requirement = {
  id: 'detach/resumes',
  title: 'MUST take a detached Subscription up again where it stood, with what was stored meanwhile',
  source: contractOf('detachSubscription'),
  profile: 'detach',
  needs: answersWhenStored,
  async check(subject) {
    const [former] = await subject.ready('a');
    const ids = idsOf(20);
    await subject.store(...ids);
    await subject.driver.detachSubscription?.(former);
    await subject.store('meanwhile');
    const namesake = subject.subscription('a');
    await subject.driver.ensureSubscription(namesake, 'now');
    await subject.store('later');
    const handler = new RecordingHandler('delivered');
    subject.consume(namesake, handler);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set([...ids, 'meanwhile', 'later'])));
  },
};
