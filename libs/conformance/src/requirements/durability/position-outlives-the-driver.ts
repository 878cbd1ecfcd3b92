import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

export const positionOutlivesTheDriver: Requirement = {
  id: 'durability/position-outlives-the-driver',
  title: 'MUST go on in the next process where the former has stopped, with nothing that was settled',
  source: contractOf('close'),
  profile: 'durability',
  async check(subject) {
    const [a] = await subject.ready('a');
    await subject.store('settled');
    const first = new RecordingHandler('delivered');
    const consumption = subject.consume(a, first);
    await subject.eventually(() => expect(first.ids).toEqual(['settled']));
    await consumption.stop(noDeadline());
    await subject.store('waiting');
    await subject.driver.close();
    const successor = await subject.openAnother();
    await successor.ensureChannel(subject.channel);
    await successor.ensureSubscription(a, 'now');
    const second = new RecordingHandler('delivered');
    subject.consume(a, second, { maxInFlight: 100 }, successor);
    await subject.eventually(() => expect(second.ids).toContain('waiting'));
    expect(second.ids).toEqual(['waiting']);
    await successor.deleteChannel(subject.channel);
  },
};
