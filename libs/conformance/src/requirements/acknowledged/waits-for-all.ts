import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { Witness } from '../../subject/witness.js';

export const waitsForAll: Requirement = {
  id: 'acknowledged/waits-for-all',
  title: 'MUST answer stored only when every Subscription has delivered the event, or filtered it',
  source: contractType('Capabilities'),
  profile: 'acknowledged',
  async check(subject) {
    const [a, b] = await subject.ready('a', 'b');
    const witness = await Witness.of(subject);
    const [ofA, ofB] = [new RecordingHandler(), new RecordingHandler()];
    subject.consume(a, ofA);
    subject.consume(b, ofB);
    let answer: unknown;
    const publishing = subject.publish('1').then((result) => (answer = result));
    await subject.eventually(() => expect([ofA.ids, ofB.ids]).toEqual([['1'], ['1']]));
    ofA.settle('1', 'delivered');
    await witness.sees('1');
    expect(answer, 'the answer before all have settled').toBeUndefined();
    ofB.settle('1', 'filtered');
    expect(await subject.within(publishing, 'a publish that all have settled')).toEqual({ outcome: 'stored' });
  },
};
