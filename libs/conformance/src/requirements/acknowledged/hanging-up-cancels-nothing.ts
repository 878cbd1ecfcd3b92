import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const hangingUpCancelsNothing: Requirement = {
  id: 'acknowledged/hanging-up-cancels-nothing',
  title: 'MUST answer timeout when the time is up, and go on delivering the event',
  source: contractOf('publish'),
  profile: 'acknowledged',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deadline = new AbortController();
    const publishing = subject.publish('1', subject.channel, deadline.signal);
    deadline.abort();
    expectRefused(await subject.within(publishing, 'a publish whose time is up'), 'timeout');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.ids).toEqual(['1']));
  },
};
