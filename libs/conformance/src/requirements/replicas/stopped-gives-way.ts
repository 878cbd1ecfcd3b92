import { expect } from 'vitest';
import { consumptionContract, contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

export const stoppedGivesWay: Requirement = {
  id: 'replicas/stopped-gives-way',
  title: 'MUST hand the events of a process that is stopped in mid-delivery to the other one',
  source: `${consumptionContract('stop')}; ${contractOf('consume')}`,
  profile: 'replicas',
  async check(subject) {
    const other = await subject.openAnother();
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const first = subject.consume(a, deaf);
    const ids = idsOf(20);
    await subject.store(...ids);
    await subject.eventually(() => expect(deaf.inFlight).toBeGreaterThan(0));
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler, { maxInFlight: 100 }, other);
    await subject.within(first.stop(deadlineSoon()), 'stop of the first process');
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
  },
};
