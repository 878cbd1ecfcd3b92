import { expect } from 'vitest';
import { DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig } from '../../subject/engine-rig.js';
import { idsOf } from '../../subject/expectations.js';

export const slowSubscriber: Requirement = {
  id: 'engine/slow-subscriber',
  title: 'MUST NOT let a slow Subscription slow another',
  source: DELIVERY_GUIDE,
  profile: 'engine',
  async check(subject) {
    const rig = new EngineRig(subject);
    const [slow, fast] = await subject.ready('slow', 'fast');
    const hanging = await rig.subscriber(() => 'hang');
    const quick = await rig.subscriber();
    rig.deliver(slow, hanging, { delivery: { maxInFlight: 40 } });
    rig.deliver(fast, quick);
    const ids = idsOf(50);
    await subject.store(...ids);
    await subject.eventually(() => expect(new Set(quick.takenIds)).toEqual(new Set(ids)));
    expect(hanging.taken, 'what the slow one has taken').toEqual([]);
    hanging.answerAll(202);
    await subject.eventually(() => expect(new Set(hanging.takenIds)).toEqual(new Set(ids)));
  },
};
