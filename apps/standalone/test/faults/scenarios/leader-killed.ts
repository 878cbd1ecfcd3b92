import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

export const leaderKilled: FaultScenario = {
  id: 'leader-killed',
  title: 'the server that leads for the Channel is killed, one of three, and started again',
  needs: { nodes: 3 },
  async play(stage) {
    const { store, subject } = stage;
    await using story = await Story.begin({ ...stage, arguments: subject.replicatedArguments });
    const handle = await store.open();
    await story.flows('before the kill');
    const address = await handle.leaderOf(story.channel.status?.store ?? {});
    const leader = store.broker.nodes.find((node) => node.address === address);
    if (!leader) throw new Error(`no server of the broker leads: ${address ?? 'nobody'}`);
    await leader.kill();
    await story.flows('with two servers of three');
    await leader.start();
    await story.flows('with all servers again');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    return { account };
  },
};
