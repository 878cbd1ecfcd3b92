import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

const EVENTS = 500;

export const publishOverlapping: Requirement = {
  id: 'publish/overlapping',
  title:
    'MUST take any number of overlapping publishes to one Channel, and lose none of the events that it called stored',
  source: contractOf('publish'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    const ids = idsOf(EVENTS);
    const results = await subject.within(Promise.all(ids.map((id) => subject.publish(id))), 'overlapping publishes');
    const stored = ids.filter((_, index) => results[index]?.outcome === 'stored');
    expect(stored, 'the events that were called stored').toHaveLength(EVENTS);
    await subject.eventually(() => {
      const missing = stored.filter((id) => !handler.distinctIds.has(id));
      expect(missing, 'events that were stored and never handed out').toEqual([]);
    });
  },
};
