import { CHANNEL } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { eventually } from '../../eventually.js';
import { channelOf, channelReady, subscriptionReady } from '../../objects.js';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

const SLOW_MS = 400;
const QUICK_MS = 10;
const EVENTS_WAITING = 300;

export const channelMadeAnew: FaultScenario = {
  id: 'channel-made-anew',
  title: 'a Channel with waiting events is deleted and made anew under its name, and reads nothing old',
  async play(stage) {
    const { home, name, store } = stage;
    await using story = await Story.begin(stage);
    await story.flows('before the deletion');
    story.consumer.workMs = SLOW_MS;
    await story.accepts(EVENTS_WAITING);
    await story.stopSending();
    const key = { namespace: 'default', name };
    await home.client.delete(CHANNEL, key);
    await eventually('the Channel is gone', async () => !(await home.client.get(CHANNEL, key)) || undefined);
    await eventually('nothing of it is under way', () => story.consumer.working === 0 || undefined);
    const old = story.consumer.taken.length;

    story.consumer.workMs = QUICK_MS;
    await home.client.create(CHANNEL, channelOf(store.provisioner, name));
    story.channel = await channelReady(home.client, name);
    await subscriptionReady(home.client, name);
    const anewMs = Date.now();
    story.send('anew');
    await story.flows('through the new Channel');
    const account = await story.end(({ sentAtMs }) => sentAtMs < anewMs);
    expect(story.consumer.taken.slice(old).filter((id) => !id.startsWith('anew/'))).toEqual([]);
    expect(account.gone.length).toBeGreaterThan(0);
    return { account, note: `${account.gone.length} waited and went with the Channel` };
  },
};
