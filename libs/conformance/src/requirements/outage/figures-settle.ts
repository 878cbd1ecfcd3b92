import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';

/** What the contract gives each. */
const BACKLOG_LIMIT_MS = 2000;
const DURABILITY_LIMIT_MS = 5000;

export const figuresSettleInOutage: Requirement = {
  id: 'outage/figures-settle',
  title: 'MUST settle backlog within 2 s and durability within 5 s, with an answer or without, while the store is away',
  source: `${contractOf('backlog')}; ${contractOf('durability')}`,
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    const { driver } = subject;
    const [a] = await subject.ready('a');
    const revive = await subject.harness.killStore?.();
    try {
      await Promise.all([
        subject.within(Promise.allSettled([driver.backlog(a)]), 'backlog in an outage', BACKLOG_LIMIT_MS),
        subject.within(Promise.allSettled([driver.durability()]), 'durability in an outage', DURABILITY_LIMIT_MS),
      ]);
    } finally {
      await revive?.();
    }
  },
};
