import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

export const reportNew: Requirement = {
  id: 'durability/report-new',
  title:
    'MUST report a Channel as new where the call has made what keeps its events, and never where that was there, whoever asks',
  source: contractType('ChannelReport'),
  profile: 'durability',
  async check(subject) {
    const { driver, channel } = subject;
    const isNew = async (from = driver) => (await from.ensureChannel(channel)).isNew ?? false;
    expect(await isNew(), 'isNew of a Channel that was never ensured').toBe(true);
    expect(await isNew(), 'isNew of one that is there').toBe(false);
    expect(await isNew(await subject.openAnother()), 'isNew of one that another process has made').toBe(false);
    await driver.deleteChannel(channel);
    // A store may take a moment to delete.
    await subject.eventually(async () => expect(await isNew(), 'isNew of one that was deleted').toBe(true));
  },
};
