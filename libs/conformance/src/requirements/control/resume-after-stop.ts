import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';
import { Witness } from '../../subject/witness.js';

export const resumeAfterStop: Requirement = {
  id: 'control/resume-after-stop',
  title: 'MUST NOT throw at, nor hand out anything for, a pause, resume or update after stop',
  source: consumptionContract('resume'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    await consumption.stop(noDeadline());
    consumption.pause();
    consumption.resume();
    consumption.update({ maxInFlight: 10 });
    await subject.store('1');
    await witness.sees('1');
    expect(handler.ids, 'handed out after stop').toEqual([]);
  },
};
