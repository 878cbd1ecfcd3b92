import { expect } from 'vitest';
import { consumptionContract, DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig, expectBalanceAtRest } from '../../subject/engine-rig.js';
import { idsOf } from '../../subject/expectations.js';
import { deadlineSoon } from '../../subject/waiting.js';

export const stopLosesNothing: Requirement = {
  id: 'engine/stop-loses-nothing',
  title: 'MUST deliver everything although deliveries are broken off again and again by a deadline',
  source: `${consumptionContract('stop')}; ${DELIVERY_GUIDE}`,
  profile: 'engine',
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a] = await subject.ready('a');
    const moody = await rig.subscriber(({ id }, attempt) => (id.endsWith('7') && attempt < 3 ? 'hang' : 202));
    const ids = idsOf(30);
    for (let round = 0; round < 2; round++) {
      const { delivery, consumption } = rig.deliver(a, moody, { delivery: { maxInFlight: 5 } });
      if (round === 0) await subject.store(...ids);
      await subject.eventually(() => expect(delivery.counters.claimed).toBeGreaterThan(0));
      await consumption.stop(deadlineSoon());
      await subject.eventually(() => expectBalanceAtRest(delivery));
      delivery.abort();
    }
    rig.deliver(a, moody);
    await subject.eventually(() => {
      moody.answerAll(202);
      expect(new Set(moody.takenIds)).toEqual(new Set(ids));
    });
  },
};
