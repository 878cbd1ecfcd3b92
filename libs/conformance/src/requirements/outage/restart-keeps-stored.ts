import { expect } from 'vitest';
import { contractType, KNATIVE_ACKNOWLEDGEMENT } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { idsOf } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const restartKeepsStored: Requirement = {
  id: 'outage/restart-keeps-stored',
  title: 'MUST have what it called stored after the store has crashed and come back, publishes under way included',
  source: `${contractType('Capabilities')}; ${KNATIVE_ACKNOWLEDGEMENT}`,
  profile: 'outage',
  hook: 'restartStore',
  async check(subject) {
    const [a] = await subject.ready('a');
    const ids = idsOf(200);
    const publish = async (id: string) => ({ id, outcome: (await subject.publish(id)).outcome });
    const before = await Promise.all(ids.slice(0, 100).map(publish));
    const meanwhile = ids.slice(100).map(publish);
    await subject.harness.restartStore?.();
    const results = [...before, ...(await Promise.all(meanwhile))];
    const stored = results.filter(({ outcome }) => outcome === 'stored').map(({ id }) => id);
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(async () => expect(await subject.publish('after')).toEqual({ outcome: 'stored' }));
    await subject.eventually(() => {
      const missing = [...stored, 'after'].filter((id) => !handler.distinctIds.has(id));
      expect(missing, 'events that were stored and never handed out').toEqual([]);
    });
  },
};
