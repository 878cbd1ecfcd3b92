import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectOrderByKey, keyedEvents } from '../../subject/keyed-events.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const orderPerKey: Requirement = {
  id: 'ordering/per-key',
  title: 'MUST hand out the events of one key in the order in which they were stored',
  source: contractOf('consume'),
  profile: 'ordering',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    const events = keyedEvents(4, 20);
    await subject.store(...events);
    await subject.eventually(() => expect(handler.distinctIds.size).toBe(events.length));
    expectOrderByKey(handler.events, events);
  },
};
