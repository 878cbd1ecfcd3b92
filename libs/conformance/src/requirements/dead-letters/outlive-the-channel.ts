import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deadLettersOutliveTheChannel: Requirement = {
  id: 'dead-letters/outlive-the-channel',
  title:
    'MUST keep dead letters until their own Channel is deleted, whatever becomes of the one whose events they were',
  source: contractType('DriverChannel'),
  profile: 'dead-letters',
  async check(subject) {
    const [a] = await subject.ready('a');
    const place = subject.newChannel({ purpose: 'dead-letters', uid: a.uid });
    const [reader] = await subject.readyOn(place, 'reader');
    await subject.storeIn(place, 'letter');
    await subject.driver.deleteSubscription(a);
    await subject.driver.deleteChannel(subject.channel);
    const letters = new RecordingHandler('delivered');
    subject.consume(reader, letters);
    await subject.eventually(() => expect(letters.distinctIds).toEqual(new Set(['letter'])));
  },
};
