import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline, deadlineSoon } from '../../subject/waiting.js';

export const stopEarlierDeadline: Requirement = {
  id: 'control/stop-earlier-deadline',
  title: 'MUST end two stops together, by the earlier of both deadlines',
  source: consumptionContract('stop'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf);
    await subject.store('1');
    await subject.eventually(() => expect(deaf.ids).toEqual(['1']));
    const patient = consumption.stop(noDeadline());
    const impatient = consumption.stop(deadlineSoon());
    await subject.within(Promise.all([patient, impatient]), 'two stops of which one may wait no longer');
    expect(deaf.claimOf('1')?.signal.aborted, 'whether the claim was aborted').toBe(true);
  },
};
