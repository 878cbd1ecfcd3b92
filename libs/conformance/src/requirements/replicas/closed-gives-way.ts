import { expect } from 'vitest';
import { contractOf, contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const closedGivesWay: Requirement = {
  id: 'replicas/closed-gives-way',
  title: 'MUST hand the events of a process that vanishes in mid-delivery to the other one',
  source: `${contractType('Claim')}; ${contractOf('consume')}`,
  profile: 'replicas',
  async check(subject) {
    const vanishing = await subject.openAnother();
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    subject.consume(a, deaf, { maxInFlight: 100 }, vanishing);
    const ids = idsOf(20);
    await subject.store(...ids);
    await subject.eventually(() => expect(deaf.inFlight).toBeGreaterThan(0));
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    // As near to a kill as one process gets: its connections go without a word to its consumptions.
    await subject.within(vanishing.close(), 'close in mid-delivery');
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
  },
};
