import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const updateLarger: Requirement = {
  id: 'control/update-larger',
  title: 'MUST hand out more at one time once maxInFlight has been raised, without waiting for a settlement',
  source: consumptionContract('update'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler();
    const consumption = subject.consume(a, handler, { maxInFlight: 2 });
    await subject.store(...idsOf(10));
    await subject.eventually(() => expect(handler.inFlight).toBeGreaterThanOrEqual(2));
    consumption.update({ maxInFlight: 5 });
    await subject.eventually(() => expect(handler.inFlight).toBeGreaterThanOrEqual(5));
  },
};
