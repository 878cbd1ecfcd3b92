import { expect } from 'vitest';
import { eventHeaders, send } from '../../producer.js';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

export const oversize: FaultScenario = {
  id: 'oversize',
  title: 'an event is larger than the broker takes',
  async play(stage) {
    const { home, name, subject } = stage;
    await using story = await Story.begin(stage);
    await story.flows('before it');
    // A key of the load: what comes after it on the same way witnesses that it is not there.
    const headers = eventHeaders('too-large', { partitionkey: story.sent[0]?.key ?? '' });
    const url = `${home.ingress}/default/${name}`;
    const answer = await send(url, { headers, body: Buffer.alloc(subject.oversizeBytes) });
    await story.flows('after it');
    const account = await story.end();
    expect([answer.status, story.consumer.taken.includes('too-large')]).toEqual([413, false]);
    expect(account.refusals).toEqual({});
    return { account, note: `413: ${answer.text.trim()}` };
  },
};
