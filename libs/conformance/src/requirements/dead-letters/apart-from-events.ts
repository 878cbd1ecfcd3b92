import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deadLettersApart: Requirement = {
  id: 'dead-letters/apart-from-events',
  title: 'MUST keep dead letters apart from events, also where both Channels have one UID',
  source: contractType('DriverChannel'),
  profile: 'dead-letters',
  async check(subject) {
    const place = subject.newChannel({ purpose: 'dead-letters', uid: subject.channel.uid });
    const [a] = await subject.ready('a');
    const [reader] = await subject.readyOn(place, 'a');
    const [events, letters] = [new RecordingHandler('delivered'), new RecordingHandler('delivered')];
    subject.consume(a, events);
    subject.consume(reader, letters);
    await subject.storeIn(place, 'letter');
    await subject.store('event');
    await subject.eventually(() => {
      expect(events.distinctIds).toEqual(new Set(['event']));
      expect(letters.distinctIds).toEqual(new Set(['letter']));
    });
    await subject.driver.deleteChannel(place);
    await subject.store('later');
    await subject.eventually(() => expect(events.distinctIds).toEqual(new Set(['event', 'later'])));
  },
};
