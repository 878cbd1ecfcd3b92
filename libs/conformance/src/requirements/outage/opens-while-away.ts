import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

/** What the contract gives `open`. */
const LIMIT_MS = 30_000;

export const opensWhileAway: Requirement = {
  id: 'outage/opens-while-away',
  title: 'MUST open within 30 s although the store is away, say down, and work when it has come',
  source: contractType('ChannelDriverProvider'),
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    const revive = await subject.harness.killStore?.();
    let opened;
    try {
      opened = await subject.within(subject.openAnother(), 'open while the store is away', LIMIT_MS);
      expect((await opened.health()).status).toBe('down');
    } finally {
      await revive?.();
    }
    const driver = opened;
    await subject.eventually(() => driver.ensureChannel(subject.channel));
  },
};
