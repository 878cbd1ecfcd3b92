import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

export const brokerKilled: FaultScenario = {
  id: 'broker-killed',
  title: 'the broker is killed and started again',
  async play(stage) {
    await using story = await Story.begin(stage);
    const { nodes } = stage.store.broker;
    await story.flows('before the kill');
    await Promise.all(nodes.map((node) => node.kill()));
    await story.refuses(1);
    await Promise.all(nodes.map((node) => node.start()));
    await story.flows('after the restart');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    return { account };
  },
};
