import { expect } from 'vitest';
import { DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const slowHoldsUpNobody: Requirement = {
  id: 'hand-out/slow-holds-up-nobody',
  title: 'MUST NOT hold up a Subscription because another settles nothing',
  source: DELIVERY_GUIDE,
  profile: 'core',
  async check(subject) {
    const [dead, alive] = await subject.ready('dead', 'alive');
    const [deaf, handler] = [new RecordingHandler(), new RecordingHandler('delivered')];
    subject.consume(dead, deaf);
    subject.consume(alive, handler);
    const ids = idsOf(50);
    await subject.store(...ids);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
  },
};
