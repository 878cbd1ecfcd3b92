import { expect } from 'vitest';
import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

/** What the contract gives a driver after the deadline. */
const AFTER_DEADLINE_MS = 2000;

export const stopsWhileAway: Requirement = {
  id: 'outage/stops-while-away',
  title: 'MUST end a stop within 2 s of its deadline although the store is away',
  source: consumptionContract('stop'),
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf);
    await subject.store('1');
    await subject.eventually(() => expect(deaf.ids).toContain('1'));
    const revive = await subject.harness.killStore?.();
    try {
      await subject.within(consumption.stop(deadlineSoon()), 'stop while the store is away', AFTER_DEADLINE_MS);
    } finally {
      await revive?.();
    }
    expect(deaf.claimOf('1')?.signal.aborted, 'whether the claim was aborted').toBe(true);
  },
};
