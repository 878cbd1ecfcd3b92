import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { Witness } from '../../subject/witness.js';

export const maxInFlight: Requirement = {
  id: 'hand-out/max-in-flight',
  title: 'MUST have exactly maxInFlight events with the handler while as many wait, and never more',
  source: contractType('ConsumeOptions'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler();
    subject.consume(a, handler, { maxInFlight: 3 });
    const ids = idsOf(12);
    await subject.store(...ids);
    await subject.eventually(() => expect(handler.inFlight).toBe(3));
    await witness.sees(...ids);
    expect(handler.peakInFlight, 'events with the handler at one time').toBe(3);
    handler.settleNext('delivered');
    await subject.eventually(() => expect(handler.events.length).toBeGreaterThanOrEqual(4));
    handler.settleAll('delivered');
    await subject.eventually(() => expect([...handler.distinctIds]).toEqual(expect.arrayContaining(ids)));
    expect(handler.peakInFlight, 'events with the handler at one time').toBe(3);
  },
};
