import { expect } from 'vitest';
import { replayFromEarliest } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const fromEarliest: Requirement = {
  id: 'replay/from-earliest',
  title: 'MUST let a new Subscription start at the earliest event that the Channel keeps',
  source: contractType('Capabilities'),
  profile: 'replay',
  needs: replayFromEarliest,
  async check(subject) {
    await subject.driver.ensureChannel(subject.channel);
    const ids = idsOf(5);
    await subject.store(...ids);
    const a = subject.subscription('a');
    await subject.driver.ensureSubscription(a, 'earliest');
    await subject.store('later');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set([...ids, 'later'])));
  },
};
