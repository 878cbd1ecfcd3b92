import { expect } from 'vitest';
import { orderingByKey } from '../../requirement/needs.js';
import { DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig } from '../../subject/engine-rig.js';
import { idsByKey, keyedEvents } from '../../subject/keyed-events.js';

export const orderUnderRetries: Requirement = {
  id: 'engine/order-under-retries',
  title:
    'MUST deliver the events of one key one after the other, in the order of the store, whatever has to be retried',
  source: DELIVERY_GUIDE,
  profile: 'engine',
  needs: orderingByKey,
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a] = await subject.ready('a');
    const shaky = await rig.subscriber(({ id }, attempt) => (attempt === 1 && /[02468]$/.test(id) ? 503 : 202));
    rig.deliver(a, shaky, { delivery: { ordering: 'key' } });
    const events = keyedEvents(4, 8);
    await subject.store(...events);
    await subject.eventually(() => expect(new Set(shaky.takenIds).size).toBe(events.length));
    const taken = shaky.takenIds.flatMap((id) => events.filter((event) => event.id === id));
    expect(idsByKey(taken), 'the events of each key, in the order in which they were taken').toEqual(idsByKey(events));
  },
};
