import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const namesWhoDidNotTake: Requirement = {
  id: 'acknowledged/names-who-did-not-take',
  title: 'MUST refuse as not-delivered, naming them, an event that Subscriptions dropped or dead-lettered',
  source: contractType('PublishRefusal'),
  profile: 'acknowledged',
  async check(subject) {
    const [taker, dropper, buryer] = await subject.ready('taker', 'dropper', 'buryer');
    subject.consume(taker, new RecordingHandler('delivered'));
    subject.consume(dropper, new RecordingHandler('dropped'));
    subject.consume(buryer, new RecordingHandler('dead-lettered'));
    const result = await subject.within(subject.publish('1'), 'a publish that all have settled');
    const { message } = expectRefused(result, 'not-delivered');
    expect(message).toContain('dropper');
    expect(message).toContain('buryer');
    expect(message).not.toContain('taker');
  },
};
