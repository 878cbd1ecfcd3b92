import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const ensureAgainKeepsEvents: Requirement = {
  id: 'channel/ensure-again-keeps-events',
  title: 'MUST find a Channel again when it is ensured again, with everything that it keeps',
  source: contractOf('ensureChannel'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    await subject.store('1');
    await subject.driver.ensureChannel(subject.channel);
    await subject.driver.ensureSubscription(a, 'now');
    await subject.store('2');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(['1', '2'])));
  },
};
