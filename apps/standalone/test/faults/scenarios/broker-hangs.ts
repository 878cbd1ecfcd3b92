import { expect } from 'vitest';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

/** What a producer waits at most: the limit of a publish and some. */
const ANSWER_LIMIT_MS = 12_000;
/** Refusals of every key at least once. */
const REFUSALS = 30;

export const brokerHangs: FaultScenario = {
  id: 'broker-hangs',
  title: 'the broker hangs and goes on later',
  async play(stage) {
    await using story = await Story.begin(stage);
    const { nodes } = stage.store.broker;
    await story.flows('before it hangs');
    for (const node of nodes) node.freeze();
    try {
      await story.refuses(REFUSALS);
    } finally {
      for (const node of nodes) node.thaw();
    }
    await story.flows('after it went on');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    expect(account.longestAnswerMs).toBeLessThan(ANSWER_LIMIT_MS);
    return { account };
  },
};
