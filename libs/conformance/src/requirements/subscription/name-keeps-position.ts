import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const nameKeepsPosition: Requirement = {
  id: 'subscription/name-keeps-position',
  title: 'MUST let a Subscription that is made anew under its old name go on where the former stood',
  source: contractType('DriverSubscription'),
  profile: 'core',
  async check(subject) {
    const [former] = await subject.ready('a');
    const first = new RecordingHandler('delivered');
    const consumption = subject.consume(former, first);
    await subject.store('settled');
    await subject.eventually(() => expect(first.distinctIds).toEqual(new Set(['settled'])));
    await consumption.stop(new AbortController().signal);
    await subject.store('waiting');
    const namesake = subject.subscription('a');
    await subject.driver.ensureSubscription(namesake, 'now');
    const second = new RecordingHandler('delivered');
    subject.consume(namesake, second);
    await subject.store('later');
    await subject.eventually(() => expect([...second.distinctIds].sort()).toEqual(['later', 'waiting']));
  },
};
