import { expect } from 'vitest';
import { contractOf, consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectOrderByKey, keyedEvents } from '../../subject/keyed-events.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

export const orderAfterStop: Requirement = {
  id: 'ordering/after-stop',
  title: 'MUST keep the order of each key over a stop that gives events back',
  source: `${contractOf('consume')}; ${consumptionContract('stop')}`,
  profile: 'ordering',
  async check(subject) {
    const [a] = await subject.ready('a');
    const events = keyedEvents(3, 10);
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf, { maxInFlight: 12 });
    await subject.store(...events);
    await subject.eventually(() => expect(deaf.inFlight).toBeGreaterThan(0));
    await consumption.stop(deadlineSoon());
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds.size).toBe(events.length));
    expectOrderByKey(handler.events, events);
  },
};
