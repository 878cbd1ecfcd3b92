import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

/** Few: the one that settles nothing shall have its hands full, with more waiting for it. */
const IN_HAND = { maxInFlight: 20 };

export const slowHoldsUpNobody: Requirement = {
  id: 'hand-out/slow-holds-up-nobody',
  title: 'MUST NOT hold up a Subscription because another settles nothing and has its hands full',
  source: contractOf('consume'),
  profile: 'core',
  async check(subject) {
    const [dead, alive] = await subject.ready('dead', 'alive');
    const [deaf, handler] = [new RecordingHandler(), new RecordingHandler('delivered')];
    subject.consume(dead, deaf, IN_HAND);
    subject.consume(alive, handler, IN_HAND);
    const ids = idsOf(50);
    await subject.store(...ids.slice(0, 30));
    await subject.eventually(() => expect(deaf.inFlight).toBeGreaterThanOrEqual(IN_HAND.maxInFlight));
    await subject.store(...ids.slice(30));
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
  },
};
