import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const consumptionGoesOn: Requirement = {
  id: 'outage/consumption-goes-on',
  title: 'MUST go on with its consumptions by itself when the store has come back, without ending them',
  source: contractOf('consume'),
  profile: 'outage',
  hook: 'restartStore',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    let ended = false;
    const note = () => (ended = true);
    consumption.closed.then(note, note);
    await subject.store('before');
    await subject.eventually(() => expect(handler.ids).toContain('before'));
    await subject.harness.restartStore?.();
    await subject.eventually(async () => expect(await subject.publish('after')).toEqual({ outcome: 'stored' }));
    await subject.eventually(() => expect(handler.ids).toContain('after'));
    expect(ended, 'whether the consumption ended').toBe(false);
  },
};
