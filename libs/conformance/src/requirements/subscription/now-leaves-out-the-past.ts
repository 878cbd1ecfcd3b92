import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const nowLeavesOutThePast: Requirement = {
  id: 'subscription/now-leaves-out-the-past',
  title: 'MUST NOT hand out what was called stored before a Subscription began at `now`',
  source: `${contractOf('ensureSubscription')}; ${contractOf('publish')}`,
  profile: 'core',
  async check(subject) {
    await subject.ready('earlier');
    await subject.store('1', '2');
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.store('3');
    await subject.eventually(() => expect(handler.distinctIds).toContain('3'));
    expect(handler.distinctIds).toEqual(new Set(['3']));
  },
};
