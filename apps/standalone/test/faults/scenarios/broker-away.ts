import { CHANNEL, findCondition, isReady } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { eventually } from '../../eventually.js';
import { channelOf } from '../../objects.js';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

/** A Channel that fails for longer waits up to a minute before it tries again by itself. */
const HEAL_LIMIT_MS = 90_000;

export const brokerAway: FaultScenario = {
  id: 'broker-away',
  title: 'the broker is away when the provisioner starts, and comes later',
  fromNothing: true,
  async play(stage) {
    const { home, store, subject } = stage;
    const { nodes } = store.broker;
    const [provisioner] = home.replicas;
    await Promise.all([...nodes.map((node) => node.kill()), provisioner?.kill()]);
    await store.createProvisioner(home);
    await home.client.create(CHANNEL, channelOf(store.provisioner, 'early'));
    await provisioner?.start();
    const unready = await home.provisioner(store.provisioner, 'says that its broker is away', ({ status }) => {
      return findCondition(status?.conditions, 'Ready')?.reason === 'StoreUnavailable';
    });
    const told = findCondition(unready.status?.conditions, 'Ready');
    expect(told).toMatchObject({ status: 'False', message: expect.stringMatching(subject.awayWords) });

    await Promise.all(nodes.map((node) => node.start()));
    await home.provisioner(store.provisioner, 'is Ready', isReady);
    const early = { namespace: 'default', name: 'early' };
    const isHealed = async () => isReady((await home.client.get(CHANNEL, early)) ?? {}) || undefined;
    await eventually('the Channel that was made meanwhile is Ready', isHealed, HEAL_LIMIT_MS);
    await using story = await Story.begin(stage);
    await story.flows('now that the broker is there');
    return { account: await story.end(), note: `told: ${told?.message ?? ''}` };
  },
};
