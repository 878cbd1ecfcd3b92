import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import { replayFromTime } from '../../requirement/needs.js';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

/** Finer than this stores keep no time. */
const APART_MS = 20;

export const fromTime: Requirement = {
  id: 'replay/from-time',
  title: 'MUST let a new Subscription start at a time: with what was stored since, without what was stored before',
  source: contractType('Capabilities'),
  profile: 'replay',
  needs: replayFromTime,
  async check(subject) {
    await subject.driver.ensureChannel(subject.channel);
    await subject.store('before');
    const time = new Date(await laterThan(Date.now() + APART_MS));
    await laterThan(time.getTime() + APART_MS);
    await subject.store('since');
    const a = subject.subscription('a');
    await subject.driver.ensureSubscription(a, { time });
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.distinctIds).toContain('since'));
    expect(handler.distinctIds).toEqual(new Set(['since']));
  },
};

/** The first moment after this one. */
async function laterThan(ms: number): Promise<number> {
  while (Date.now() <= ms) await nextTurn();
  return Date.now();
}
