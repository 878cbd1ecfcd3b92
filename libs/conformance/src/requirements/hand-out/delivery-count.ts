import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { deadlineSoon } from '../../subject/waiting.js';

export const deliveryCount: Requirement = {
  id: 'hand-out/delivery-count',
  title: 'MUST count hand-outs of an event from 1 in deliveryCount, or leave it out',
  source: contractType('Claim'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const first = new RecordingHandler();
    const consumption = subject.consume(a, first, { maxInFlight: 1 });
    await subject.store('1');
    await subject.eventually(() => expect(first.ids).toContain('1'));
    await consumption.stop(deadlineSoon());
    const second = new RecordingHandler('delivered');
    subject.consume(a, second);
    await subject.eventually(() => expect(second.ids).toContain('1'));
    const counts = [...first.claims, ...second.claims].map((claim) => claim.deliveryCount);
    if (counts.every((count) => count === undefined)) return;
    expect(counts[0], 'the first deliveryCount').toBe(1);
    expect(counts.at(-1), 'a later deliveryCount').toBeGreaterThan(1);
  },
};
