import { setTimeout as delay } from 'node:timers/promises';
import type { FaultScenario } from '../fault-scenario.types.js';
import { expectToShare } from '../expect-to-share.js';
import { Story } from '../story.js';

/** Longer than any broker keeps for a process what it was handed. */
const FROZEN_MS = Number(process.env['MILLRACE_FAULTS_FROZEN_MS'] ?? 60_000);

export const replicaFrozen: FaultScenario = {
  id: 'replica-frozen',
  title: `one of two replicas of the provisioner is frozen for ${FROZEN_MS / 1000} s, the one that leads, and thaws`,
  async play(stage) {
    const { home, store } = stage;
    await using story = await Story.begin(stage);
    await story.flows('before the frost');
    await expectToShare(home, stage.name);
    const frozen = await home.leader(store.provisioner);
    const thaw = delay(FROZEN_MS);
    frozen.freeze();
    await story.flows('with the other replica');
    await thaw;
    frozen.thaw();
    await story.flows('with both again');
    return { account: await story.end() };
  },
};
