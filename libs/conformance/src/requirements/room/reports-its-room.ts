import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

const ROOM = 4;

export const reportsItsRoom: Requirement = {
  id: 'room/reports-its-room',
  title: 'MUST report how many events a Channel can hold, so that no larger batch is tried',
  source: contractType('ChannelReport'),
  profile: 'room',
  async check(subject) {
    const bounded = await subject.openBounded(ROOM);
    const report = await bounded.driver.ensureChannel(bounded.channel);
    expect(report.maxQueuedEvents, 'maxQueuedEvents').toBe(ROOM);
  },
};
