import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const overlappingCare: Requirement = {
  id: 'replicas/overlapping-care',
  title: 'MUST succeed when several processes ensure, and delete, the same Channel and Subscription at one time',
  source: contractType('ChannelDriver'),
  profile: 'replicas',
  async check(subject) {
    const drivers = [subject.driver, await subject.openAnother(), await subject.openAnother()];
    const a = subject.subscription('a');
    await Promise.all(drivers.map((driver) => driver.ensureChannel(subject.channel)));
    await Promise.all(drivers.map((driver) => driver.ensureSubscription(a, 'now')));
    await subject.store('1');
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(['1'])));
    await consumption.stop(AbortSignal.abort());
    await Promise.all(drivers.map((driver) => driver.deleteSubscription(a)));
    await Promise.all(drivers.map((driver) => driver.deleteChannel(subject.channel)));
  },
};
