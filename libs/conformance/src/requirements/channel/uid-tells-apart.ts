import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const uidTellsApart: Requirement = {
  id: 'channel/uid-tells-apart',
  title: 'MUST tell Channels of one namespace and name apart by their UID',
  source: contractType('DriverChannel'),
  profile: 'core',
  async check(subject) {
    const former = subject.newChannel();
    const [onFormer] = await subject.readyOn(former, 'a');
    const ofFormer = new RecordingHandler('delivered');
    subject.consume(onFormer, ofFormer);
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.storeIn(former, 'of the former');
    await subject.store('1');
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(['1'])));
    await subject.driver.deleteChannel(subject.channel);
    await subject.storeIn(former, 'later');
    await subject.eventually(() => expect(ofFormer.distinctIds).toEqual(new Set(['of the former', 'later'])));
  },
};
