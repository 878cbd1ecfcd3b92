import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { keyedEvents } from '../../subject/keyed-events.js';
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
    // Of keys of their own: a store with partitions need not give all hands to one of them.
    const events = keyedEvents(50, 1);
    const ids = events.map(({ id }) => id);
    await subject.store(...events.slice(0, 30));
    await subject.eventually(() => expect(deaf.inFlight).toBeGreaterThanOrEqual(IN_HAND.maxInFlight));
    await subject.store(...events.slice(30));
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
  },
};
