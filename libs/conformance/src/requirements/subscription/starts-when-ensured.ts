import { expect } from 'vitest';
import { contractOf, KNATIVE_SUBSCRIPTION } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const startsWhenEnsured: Requirement = {
  id: 'subscription/starts-when-ensured',
  title:
    'MUST keep for a Subscription what is stored after ensureSubscription has resolved, although nothing consumes it yet',
  source: `${contractOf('ensureSubscription')}; ${KNATIVE_SUBSCRIPTION}`,
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    await subject.store('1', '2');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(['1', '2'])));
  },
};
