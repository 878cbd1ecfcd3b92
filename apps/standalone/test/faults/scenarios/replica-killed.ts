import type { FaultScenario } from '../fault-scenario.types.js';
import { expectToShare } from '../expect-to-share.js';
import { Story } from '../story.js';

export const replicaKilled: FaultScenario = {
  id: 'replica-killed',
  title: 'one of two replicas of the provisioner is killed, the one that leads, and started again',
  async play(stage) {
    const { home, store } = stage;
    await using story = await Story.begin(stage);
    await story.flows('before the kill');
    await expectToShare(home, stage.name);
    const leader = await home.leader(store.provisioner);
    await leader.kill();
    await story.flows('with the other replica');
    await leader.start();
    await story.flows('with both again');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    return { account };
  },
};
