import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deleteForgetsSubscription: Requirement = {
  id: 'subscription/delete-forgets',
  title: 'MUST forget a deleted Subscription with its position, and nothing of the others',
  source: contractOf('deleteSubscription'),
  profile: 'core',
  async check(subject) {
    const [a, b] = await subject.ready('a', 'b');
    await subject.store('old');
    await subject.driver.deleteSubscription(a);
    await subject.driver.ensureSubscription(a, 'now');
    await subject.store('new');
    const [ofA, ofB] = [new RecordingHandler('delivered'), new RecordingHandler('delivered')];
    subject.consume(a, ofA);
    subject.consume(b, ofB);
    await subject.eventually(() => {
      expect([...ofA.distinctIds]).toEqual(['new']);
      expect([...ofB.distinctIds].sort()).toEqual(['new', 'old']);
    });
  },
};
