import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

export const provisionerKilled: FaultScenario = {
  id: 'provisioner-killed',
  title: 'the provisioner is killed in mid delivery and started again',
  async play(stage) {
    await using story = await Story.begin(stage);
    const [provisioner] = stage.home.replicas;
    await story.flows('before the kill');
    await provisioner?.kill();
    await story.refuses(1);
    await provisioner?.start();
    await story.flows('after the restart');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    return { account };
  },
};
