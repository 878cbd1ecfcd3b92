import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { testEvent } from '../../subject/test-event.js';

export const ensuredEverywhere: Requirement = {
  id: 'replicas/ensured-everywhere',
  title: 'MUST take publishes and consumptions in every process once one has ensured Channel and Subscription',
  source: `${contractOf('ensureChannel')}; ${contractOf('consume')}`,
  profile: 'replicas',
  async check(subject) {
    const other = await subject.openAnother();
    const [a] = await subject.ready('a');
    expect(await other.publish(subject.channel, testEvent('1'), undefined)).toEqual({ outcome: 'stored' });
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler, { maxInFlight: 10 }, other);
    await subject.store('2');
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(['1', '2'])));
  },
};
