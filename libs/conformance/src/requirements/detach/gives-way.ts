import { expect } from 'vitest';
import { answersWhenStored, limitedRoom } from '../../requirement/needs.js';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { accountOf } from '../../subject/account-of.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

const ROOM = 4;

export const detachGivesWay: Requirement = {
  id: 'detach/gives-way',
  title:
    'MUST give up what it keeps for a detached Subscription before it refuses an event because of it, and count that',
  source: contractOf('detachSubscription'),
  profile: 'detach',
  needs: {
    name: `${limitedRoom.name}, ${answersWhenStored.name}`,
    isMet: (offer) => limitedRoom.isMet(offer) && answersWhenStored.isMet(offer),
  },
  async check(subject) {
    const bounded = await subject.openBounded(ROOM);
    const [gone, present] = await bounded.ready('gone', 'present');
    for (let index = 0; index < ROOM; index++) await bounded.store(`kept-${index}`);
    await bounded.driver.detachSubscription?.(gone);
    const handler = new RecordingHandler('delivered');
    bounded.consume(present, handler);
    await subject.eventually(() => expect(handler.events).toHaveLength(ROOM));
    await subject.eventually(async () => expect(await bounded.publish('more')).toEqual({ outcome: 'stored' }));
    if (!bounded.driver.accounts) return;
    const { dropped } = accountOf(bounded, 'gone');
    expect(dropped['subscription-deleted'], 'what was given up').toBeGreaterThanOrEqual(1);
  },
};
