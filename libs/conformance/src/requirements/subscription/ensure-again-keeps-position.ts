import { expect } from 'vitest';
import type { StartPosition } from '@millrace/eventing-api';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const ensureAgainKeepsPosition: Requirement = {
  id: 'subscription/ensure-again-keeps-position',
  title: 'MUST keep the position of a Subscription that has one, whatever start is asked for',
  source: contractOf('ensureSubscription'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const first = new RecordingHandler('delivered');
    const consumption = subject.consume(a, first);
    await subject.store('settled');
    await subject.eventually(() => expect(first.distinctIds).toEqual(new Set(['settled'])));
    await consumption.stop(new AbortController().signal);
    await subject.store('waiting');
    const { replay } = subject.capabilities;
    const starts: StartPosition[] = ['now'];
    if (replay.includes('earliest')) starts.push('earliest');
    if (replay.includes('time')) starts.push({ time: new Date(0) });
    for (const start of starts) await subject.driver.ensureSubscription(a, start);
    await subject.store('later');
    const second = new RecordingHandler('delivered');
    subject.consume(a, second);
    await subject.eventually(() => expect([...second.distinctIds].sort()).toEqual(['later', 'waiting']));
  },
};
