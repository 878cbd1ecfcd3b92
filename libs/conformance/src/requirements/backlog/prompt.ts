import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

/** What the contract gives `backlog`. */
const LIMIT_MS = 2000;
const ASKS = 5;

export const backlogPrompt: Requirement = {
  id: 'backlog/prompt',
  title: 'MUST settle backlog within 2 s, also when it is asked for several Subscriptions at one time',
  source: contractOf('backlog'),
  profile: 'backlog',
  async check(subject) {
    const [a, b] = await subject.ready('a', 'b');
    subject.consume(b, new RecordingHandler('delivered'));
    await subject.store(...idsOf(5));
    const asks = Array.from({ length: ASKS }, () => [subject.driver.backlog(a), subject.driver.backlog(b)]);
    await subject.within(Promise.allSettled(asks.flat()), 'backlog', LIMIT_MS);
  },
};
