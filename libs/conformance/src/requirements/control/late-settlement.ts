import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

export const lateSettlement: Requirement = {
  id: 'control/late-settlement',
  title: 'MUST ignore a settlement that comes after the claim was aborted',
  source: contractType('Claim'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf);
    await subject.store('1');
    await subject.eventually(() => expect(deaf.ids).toEqual(['1']));
    await consumption.stop(deadlineSoon());
    const second = new RecordingHandler();
    const next = subject.consume(a, second);
    await subject.eventually(() => expect(second.ids).toEqual(['1']));
    deaf.settleAll('delivered');
    await next.stop(deadlineSoon());
    const third = new RecordingHandler('delivered');
    subject.consume(a, third);
    await subject.eventually(() => expect(third.ids).toContain('1'));
  },
};
