import { expect } from 'vitest';
import { scopeIsKey } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { keyedEvents } from '../../subject/keyed-events.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { testEvent } from '../../subject/test-event.js';

export const keysSideBySide: Requirement = {
  id: 'ordering/keys-side-by-side',
  title: 'MUST hand out the events of other keys while one of another key is not settled',
  source: contractType('Capabilities'),
  profile: 'ordering',
  needs: scopeIsKey,
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler();
    subject.consume(a, handler, { maxInFlight: 10 });
    await subject.store(testEvent('poisoned', { partitionKey: 'poisoned' }));
    await subject.eventually(() => expect(handler.ids).toEqual(['poisoned']));
    const others = keyedEvents(20, 2);
    await subject.store(...others);
    await subject.eventually(() => {
      for (const { id } of others) handler.settle(id, 'delivered');
      expect(handler.distinctIds.size).toBe(others.length + 1);
    });
  },
};
