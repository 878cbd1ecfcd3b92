import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { Witness } from '../../subject/witness.js';

export const updateSmaller: Requirement = {
  id: 'control/update-smaller',
  title: 'MUST hand out nothing above a lowered maxInFlight, and recall nothing for it',
  source: consumptionContract('update'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler();
    const consumption = subject.consume(a, handler, { maxInFlight: 4 });
    await subject.store(...idsOf(10));
    await subject.eventually(() => expect(handler.inFlight).toBe(4));
    consumption.update({ maxInFlight: 1 });
    expect(
      handler.claims.map((claim) => claim.signal.aborted),
      'claims that were taken away',
    ).toEqual([false, false, false, false]);
    for (let settled = 0; settled < 3; settled++) handler.settleNext('delivered');
    await witness.sees();
    expect(handler.distinctIds.size, 'events handed out while one of them is still in flight').toBe(4);
    handler.settleNext('delivered');
    await subject.eventually(() => expect(handler.distinctIds.size).toBe(5));
    expect(handler.inFlight).toBe(1);
  },
};
