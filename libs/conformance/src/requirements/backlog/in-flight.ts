import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const backlogInFlight: Requirement = {
  id: 'backlog/in-flight',
  title: 'MUST count what is with the handler in `pending` too, and in `inFlight`',
  source: contractType('Backlog'),
  profile: 'backlog',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler();
    subject.consume(a, handler);
    await subject.store(...idsOf(5));
    await subject.eventually(() => expect(handler.inFlight).toBe(5));
    await subject.eventually(async () => {
      expect(await subject.driver.backlog(a)).toMatchObject({ pending: 5, inFlight: 5 });
    });
    handler.settleAll('delivered');
    await subject.eventually(async () => {
      expect(await subject.driver.backlog(a)).toMatchObject({ pending: 0, inFlight: 0 });
    });
  },
};
