import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { keyedEvents } from '../../subject/keyed-events.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const shareEvents: Requirement = {
  id: 'replicas/share-events',
  title: 'MUST share the events of a Subscription between the processes that consume it, and lose none',
  source: contractType('Capabilities'),
  profile: 'replicas',
  async check(subject) {
    const other = await subject.openAnother();
    const [a] = await subject.ready('a');
    const [here, there] = [new RecordingHandler('delivered'), new RecordingHandler('delivered')];
    subject.consume(a, here);
    subject.consume(a, there, { maxInFlight: 100 }, other);
    // Rounds, since the second may still be joining when the first events come.
    for (let round = 0; here.events.length === 0 || there.events.length === 0; round++) {
      expect(round, 'rounds of 60 events of 12 keys until both processes had some').toBeLessThan(100);
      const events = keyedEvents(12, 5, `${round}-`);
      await subject.store(...events);
      await subject.eventually(() => {
        const seen = new Set([...here.ids, ...there.ids]);
        expect(
          events.map(({ id }) => id).filter((id) => !seen.has(id)),
          'events that no process got',
        ).toEqual([]);
      });
    }
  },
};
