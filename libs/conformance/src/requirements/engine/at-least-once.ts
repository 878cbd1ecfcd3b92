import { expect } from 'vitest';
import { DELIVERY_GUIDE, KNATIVE_CHANNEL } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig, expectBalanceAtRest } from '../../subject/engine-rig.js';
import { idsOf } from '../../subject/expectations.js';

export const atLeastOnce: Requirement = {
  id: 'engine/at-least-once',
  title: 'MUST deliver every accepted event to every Subscription at least once, and balance the accounts at rest',
  source: `${KNATIVE_CHANNEL}; ${DELIVERY_GUIDE}`,
  profile: 'engine',
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a, b] = await subject.ready('a', 'b');
    const steady = await rig.subscriber();
    const shaky = await rig.subscriber(({ id }, attempt) => (id.endsWith('3') && attempt < 3 ? 503 : 202));
    const deliveries = [rig.deliver(a, steady), rig.deliver(b, shaky)];
    const ids = idsOf(120);
    await subject.store(...ids);
    for (const subscriber of [steady, shaky]) {
      await subject.eventually(() => expect(new Set(subscriber.takenIds)).toEqual(new Set(ids)));
    }
    for (const { delivery } of deliveries) await subject.eventually(() => expectBalanceAtRest(delivery));
    for (const { delivery } of deliveries) {
      expect(delivery.counters.delivered, 'events counted as delivered').toBeGreaterThanOrEqual(ids.length);
      expect(delivery.counters.dropped, 'events dropped').toBe(0);
    }
  },
};
