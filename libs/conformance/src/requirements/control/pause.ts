import { expect } from 'vitest';
import { answersWhenStored } from '../../requirement/needs.js';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { Witness } from '../../subject/witness.js';

export const pauseHandsOutNothing: Requirement = {
  id: 'control/pause',
  title: 'MUST hand out nothing while paused, and what came meanwhile after resume',
  source: consumptionContract('pause'),
  profile: 'core',
  // Who waits for every Subscription is refused while one of them is paused.
  needs: answersWhenStored,
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    await subject.store('before');
    await subject.eventually(() => expect(handler.ids).toEqual(['before']));
    consumption.pause();
    await subject.store('1', '2');
    await witness.sees('1', '2');
    await witness.sees();
    expect(handler.ids, 'handed out while paused').toEqual(['before']);
    consumption.resume();
    await subject.eventually(() => expect([...handler.distinctIds]).toEqual(expect.arrayContaining(['1', '2'])));
  },
};
