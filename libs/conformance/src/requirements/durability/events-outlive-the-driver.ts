import { expect } from 'vitest';
import { contractType, KNATIVE_ACKNOWLEDGEMENT } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const eventsOutliveTheDriver: Requirement = {
  id: 'durability/events-outlive-the-driver',
  title: 'MUST have what it called stored when the process ends at that moment and another one takes over',
  source: `${contractType('PublishResult')}; ${KNATIVE_ACKNOWLEDGEMENT}`,
  profile: 'durability',
  async check(subject) {
    const [a] = await subject.ready('a');
    const ids = idsOf(20);
    const results = await Promise.all(ids.map((id) => subject.publish(id)));
    await subject.driver.close();
    for (const result of results) expect(result).toEqual({ outcome: 'stored' });
    const successor = await subject.openAnother();
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler, { maxInFlight: 100 }, successor);
    await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(ids)));
    await successor.deleteChannel(subject.channel);
  },
};
