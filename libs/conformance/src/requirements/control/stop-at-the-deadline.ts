import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

/** What the contract gives a driver after the deadline. */
const AFTER_DEADLINE_MS = 2000;

export const stopAtTheDeadline: Requirement = {
  id: 'control/stop-at-the-deadline',
  title: 'MUST abort the claims and give the events back when the deadline of a stop passes, and end within 2 s of it',
  source: consumptionContract('stop'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf);
    await subject.store('1');
    await subject.eventually(() => expect(deaf.ids).toEqual(['1']));
    const deadline = new AbortController();
    const stopping = consumption.stop(deadline.signal);
    deadline.abort();
    await subject.within(stopping, 'stop after its deadline', AFTER_DEADLINE_MS);
    expect(deaf.claimOf('1')?.signal.aborted, 'whether the claim was aborted').toBe(true);
    const handler = new RecordingHandler();
    const next = subject.consume(a, handler);
    await subject.eventually(() => expect(handler.ids).toEqual(['1']));
    handler.settleAll('delivered');
    await next.stop(noDeadline());
  },
};
