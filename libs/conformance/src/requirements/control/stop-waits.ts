import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';
import { Witness } from '../../subject/witness.js';

export const stopWaits: Requirement = {
  id: 'control/stop-waits',
  title: 'MUST wait at stop until each event handed out is settled, and hand out no further one meanwhile or later',
  source: consumptionContract('stop'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler();
    const consumption = subject.consume(a, handler, { maxInFlight: 1 });
    await subject.store('1');
    await subject.eventually(() => expect(handler.ids).toEqual(['1']));
    let stopped = false;
    const stopping = consumption.stop(noDeadline()).then(() => (stopped = true));
    await subject.store('2');
    await witness.sees('2');
    expect(stopped, 'whether stop ended before the handler did').toBe(false);
    expect(handler.claims[0]?.signal.aborted, 'whether the claim was taken away before the deadline').toBe(false);
    handler.settleAll('delivered');
    await subject.within(stopping, 'stop after the last settlement');
    await witness.sees();
    expect(handler.ids, 'events handed out to a consumption that is stopped').not.toContain('2');
  },
};
