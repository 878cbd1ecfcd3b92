import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

export const closedAfterStop: Requirement = {
  id: 'control/closed-after-stop',
  title: 'MUST resolve `closed` when the consumption has been stopped, and not before',
  source: consumptionContract('closed'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    let closed = false;
    const closing = consumption.closed.then(() => (closed = true));
    await subject.store('1');
    await subject.eventually(() => expect(handler.ids).toEqual(['1']));
    expect(closed, 'whether it said that it had ended while it ran').toBe(false);
    await consumption.stop(noDeadline());
    await subject.within(closing, '`closed` after stop');
  },
};
