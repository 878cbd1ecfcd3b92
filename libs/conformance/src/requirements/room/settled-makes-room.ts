import { expect } from 'vitest';
import { answersWhenStored } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

const ROOM = 2;

export const settledMakesRoom: Requirement = {
  id: 'room/settled-makes-room',
  title: 'MUST count what is in delivery as taking room, and have room again as soon as an event is settled',
  source: contractType('PublishRefusal'),
  profile: 'room',
  needs: answersWhenStored,
  async check(subject) {
    const bounded = await subject.openBounded(ROOM);
    const [a] = await bounded.ready('a');
    const handler = new RecordingHandler();
    bounded.consume(a, handler);
    await bounded.store('1', '2');
    await subject.eventually(() => expect(handler.inFlight).toBe(ROOM));
    expectRefused(await bounded.publish('3'), 'full');
    handler.settle('1', 'delivered');
    await subject.eventually(async () => expect(await bounded.publish('3')).toEqual({ outcome: 'stored' }));
  },
};
