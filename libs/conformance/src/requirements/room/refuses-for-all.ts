import { expect } from 'vitest';
import { answersWhenStored } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused, idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

const ROOM = 4;

export const refusesForAll: Requirement = {
  id: 'room/refuses-for-all',
  title: 'MUST refuse as full, saying when to come again, what has no room with one Subscription, and keep it for none',
  source: contractType('PublishRefusal'),
  profile: 'room',
  needs: answersWhenStored,
  async check(subject) {
    const bounded = await subject.openBounded(ROOM);
    const [full, empty] = await bounded.ready('full', 'empty');
    const handler = new RecordingHandler('delivered');
    bounded.consume(empty, handler);
    const ids = idsOf(ROOM);
    await bounded.store(...ids);
    const refused = expectRefused(await bounded.publish('too many'), 'full');
    expect(refused.retryAfterMs, 'retryAfterMs').toBeDefined();
    await bounded.driver.deleteSubscription(full);
    await subject.eventually(async () => expect(await bounded.publish('room again')).toEqual({ outcome: 'stored' }));
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set([...ids, 'room again'])));
  },
};
