import { expect } from 'vitest';
import { DELIVERY_GUIDE } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { EngineRig, expectBalanceAtRest } from '../../subject/engine-rig.js';
import { noDeadline, deadlineSoon } from '../../subject/waiting.js';

export const deadLetterBeforeSettlement: Requirement = {
  id: 'engine/dead-letter-before-settlement',
  title: 'MUST settle an event to the store only after its dead letter has been taken',
  source: DELIVERY_GUIDE,
  profile: 'engine',
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a] = await subject.ready('a');
    const refusing = await rig.subscriber(() => 400);
    const sink = await rig.subscriber(() => 'hang');
    const first = rig.deliver(a, refusing, { sink });
    await subject.store('1');
    await subject.eventually(() => expect(sink.received).toHaveLength(1));
    await first.consumption.stop(deadlineSoon());
    const second = rig.deliver(a, refusing, { sink });
    await subject.eventually(() => expect(sink.received).toHaveLength(2));
    sink.answerAll(202);
    await subject.eventually(() => expect(second.delivery.counters.deadLettered).toBe(1));
    await second.consumption.stop(noDeadline());
    expectBalanceAtRest(second.delivery);
    const third = rig.deliver(a, refusing, { sink });
    await subject.store('2');
    await subject.eventually(() => expect(third.delivery.counters.deadLettered).toBe(1));
    expect(sink.takenIds.at(-1)).toBe('2');
  },
};
