import { expect } from 'vitest';
import type { Settlement } from '@millrace/eventing-api';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';
import { Witness } from '../../subject/witness.js';

const SETTLEMENTS: readonly Settlement[] = ['delivered', 'filtered', 'dead-lettered', 'dropped'];

export const settledNeverAgain: Requirement = {
  id: 'hand-out/settled-never-again',
  title: 'MUST NOT hand out again what was settled, in whatever way, neither to this consumption nor to the next',
  source: contractType('EventHandler'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const first = new RecordingHandler();
    const consumption = subject.consume(a, first);
    await subject.store(...SETTLEMENTS);
    await subject.eventually(() => expect(first.distinctIds).toEqual(new Set(SETTLEMENTS)));
    for (const settlement of SETTLEMENTS) first.settle(settlement, settlement);
    first.settleAll('delivered');
    await witness.sees();
    await consumption.stop(noDeadline());
    const second = new RecordingHandler('delivered');
    subject.consume(a, second);
    await subject.store('later');
    await subject.eventually(() => expect(second.ids).toContain('later'));
    const repeated = [...first.ids, ...second.ids].filter((id, index, all) => all.indexOf(id) < index);
    expect(repeated, 'events that were handed out again').toEqual([]);
  },
};
