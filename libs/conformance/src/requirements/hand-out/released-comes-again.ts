import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

export const releasedComesAgain: Requirement = {
  id: 'hand-out/released-comes-again',
  title: 'MUST hand out an event again that was released',
  source: contractType('Settlement'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const first = new RecordingHandler();
    const consumption = subject.consume(a, first);
    await subject.store('settled', 'released');
    await subject.eventually(() => expect(first.distinctIds).toEqual(new Set(['settled', 'released'])));
    first.settle('settled', 'delivered');
    first.settleAll('release');
    await subject.within(consumption.stop(noDeadline()), 'stop after a release');
    const second = new RecordingHandler('delivered');
    subject.consume(a, second);
    await subject.eventually(() => expect([...second.distinctIds]).toEqual(['released']));
  },
};
