import { expect } from 'vitest';
import { KNATIVE_CHANNEL } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const everyEventToEach: Requirement = {
  id: 'subscription/every-event-to-each',
  title: 'MUST hand every event of a Channel to each of its Subscriptions',
  source: KNATIVE_CHANNEL,
  profile: 'core',
  async check(subject) {
    const subscriptions = await subject.ready('a', 'b', 'c');
    const handlers = subscriptions.map((subscription) => {
      const handler = new RecordingHandler('delivered');
      subject.consume(subscription, handler);
      return handler;
    });
    const ids = idsOf(10);
    await subject.store(...ids);
    for (const handler of handlers) {
      await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
    }
  },
};
