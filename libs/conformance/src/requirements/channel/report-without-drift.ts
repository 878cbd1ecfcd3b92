import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const reportWithoutDrift: Requirement = {
  id: 'channel/report-without-drift',
  title: 'MUST report the names in the store, the true size limit, and no drift of a Channel as it has just made it',
  source: contractType('ChannelReport'),
  profile: 'core',
  async check(subject) {
    const made = await subject.driver.ensureChannel(subject.channel);
    const found = await subject.driver.ensureChannel(subject.channel);
    for (const report of [made, found]) {
      expect(report.drift, 'drift').toEqual([]);
      expect(report.maxEventBytes, 'maxEventBytes').toBe(subject.harness.maxEventBytes);
    }
    expect(found.store, 'names in the store').toEqual(made.store);
    for (const name of Object.values(made.store)) expect(name, 'a name in the store').not.toBe('');
  },
};
