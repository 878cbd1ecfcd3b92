import { expect } from 'vitest';
import { contractOf, contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRefused } from '../../subject/expectations.js';

/** What the contract gives a publish without a signal, and a little for the machine. */
const LIMIT_MS = 11_000;

export const publishAnswersInOutage: Requirement = {
  id: 'outage/publish-answers',
  title:
    'MUST refuse publishes as unavailable or timeout, within 10 s, while the store is away, and take them again later',
  source: `${contractOf('publish')}; ${contractType('PublishRefusal')}`,
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    await subject.ready('a');
    const revive = await subject.harness.killStore?.();
    try {
      const result = await subject.within(subject.publish('1'), 'a publish while the store is away', LIMIT_MS);
      expectRefused(result, 'unavailable', 'timeout');
    } finally {
      await revive?.();
    }
    await subject.eventually(async () => expect(await subject.publish('2')).toEqual({ outcome: 'stored' }));
  },
};
