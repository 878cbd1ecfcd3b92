import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRejection } from '../../subject/expectations.js';

/** What the contract gives each of these calls. */
const LIMIT_MS = 30_000;

export const careRejectsInOutage: Requirement = {
  id: 'outage/care-rejects',
  title: 'MUST reject what it cannot ensure or delete while the store is away, within 30 s, and do it when asked again',
  source: contractType('ChannelDriver'),
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    const [a] = await subject.ready('a');
    const later = subject.newChannel();
    const calls: Record<string, () => Promise<unknown>> = {
      ensureChannel: () => subject.driver.ensureChannel(later),
      ensureSubscription: () => subject.driver.ensureSubscription(subject.subscription('b'), 'now'),
      deleteSubscription: () => subject.driver.deleteSubscription(a),
      deleteChannel: () => subject.driver.deleteChannel(subject.channel),
    };
    const revive = await subject.harness.killStore?.();
    try {
      const rejections = Object.entries(calls).map(([name, call]) => expectRejection(call, `${name} in an outage`));
      await subject.within(Promise.all(rejections), 'calls while the store is away', LIMIT_MS);
    } finally {
      await revive?.();
    }
    for (const call of Object.values(calls)) await subject.eventually(call);
  },
};
