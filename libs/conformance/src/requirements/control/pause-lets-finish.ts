import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

export const pauseLetsFinish: Requirement = {
  id: 'control/pause-lets-finish',
  title: 'MUST let events finish that were handed out before a pause',
  source: consumptionContract('pause'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const first = new RecordingHandler();
    const consumption = subject.consume(a, first);
    await subject.store('1');
    await subject.eventually(() => expect(first.ids).toEqual(['1']));
    consumption.pause();
    expect(first.claimOf('1')?.signal.aborted, 'whether the pause took the claim away').toBe(false);
    first.settle('1', 'delivered');
    await consumption.stop(noDeadline());
    const second = new RecordingHandler('delivered');
    subject.consume(a, second);
    await subject.store('2');
    await subject.eventually(() => expect(second.ids).toContain('2'));
    expect(second.ids).toEqual(['2']);
  },
};
