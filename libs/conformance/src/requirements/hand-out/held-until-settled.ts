import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { Witness } from '../../subject/witness.js';

export const heldUntilSettled: Requirement = {
  id: 'hand-out/held-until-settled',
  title: 'MUST keep the claim to an event alive until the handler settles it, however long that takes',
  source: contractType('EventHandler'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const witness = await Witness.of(subject);
    const handler = new RecordingHandler();
    subject.consume(a, handler);
    await subject.store('held');
    await subject.eventually(() => expect(handler.ids).toEqual(['held']));
    const claim = handler.claimOf('held');
    // The one place where time itself is the matter: longer than the store waits by itself.
    if (subject.harness.leaseMs !== undefined) await wait(2.5 * subject.harness.leaseMs);
    await witness.sees('held');
    await subject.eventually(() => expect(handler.ids).toContain('fence-1'));
    expect(claim?.signal.aborted, 'whether the claim was lost').toBe(false);
    expect(
      handler.ids.filter((id) => id === 'held'),
      'hand-outs of the held event',
    ).toHaveLength(1);
  },
};
