import { expect } from 'vitest';
import type { DeadLetterOutcome } from '@millrace/delivery';
import { deadLetters } from '../../requirement/needs.js';
import { DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig, expectBalanceAtRest } from '../../subject/engine-rig.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deadLetterPlace: Requirement = {
  id: 'engine/dead-letter-place',
  title:
    'MUST find every event that could not be delivered, and has no sink, in the dead-letter Channel of its Subscription',
  source: DELIVERY_GUIDE,
  profile: 'engine',
  needs: deadLetters,
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a] = await subject.ready('a');
    const place = subject.newChannel({ purpose: 'dead-letters', uid: a.uid });
    const [reader] = await subject.readyOn(place, 'reader');
    const refusing = await rig.subscriber(({ id }) => (id.startsWith('bad') ? 400 : 202));
    const store = async (letter: Parameters<typeof subject.publish>[0]): Promise<DeadLetterOutcome> => {
      const result = await subject.publish(letter, place);
      return result.outcome === 'stored' ? result : { outcome: 'unavailable', message: result.message };
    };
    const { delivery } = rig.deliver(a, refusing, { host: { deadLetterPlace: { store } } });
    const letters = new RecordingHandler('delivered');
    subject.consume(reader, letters);
    const bad = idsOf(5, 'bad');
    await subject.store(...idsOf(5, 'good'), ...bad);
    await subject.eventually(() => expect(delivery.counters.deadLettered).toBeGreaterThanOrEqual(bad.length));
    await subject.eventually(() => expectBalanceAtRest(delivery));
    await subject.eventually(() => expect(letters.distinctIds).toEqual(new Set(bad)));
  },
};
