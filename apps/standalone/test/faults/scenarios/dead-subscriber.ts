import { SUBSCRIPTION } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { readAccount } from '../../accounting.js';
import { eventually } from '../../eventually.js';
import { subscription, subscriptionReady } from '../../objects.js';
import { deadLetterIds } from '../dead-letter-ids.js';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

/** Port 9 is `discard`: nobody listens. */
const NOBODY = 'http://127.0.0.1:9/';
const EVENTS = 300;

export const deadSubscriber: FaultScenario = {
  id: 'dead-subscriber',
  title: 'one of two subscribers of a Channel is dead: the other has every event before the dead one is through',
  async play(stage) {
    const { home, name, store } = stage;
    await using story = await Story.begin(stage);
    const dead = `${name}-dead`;
    const delivery = { retry: 2, backoffPolicy: 'linear', backoffDelay: 'PT1S' } as const;
    await home.client.create(SUBSCRIPTION, subscription(dead, name, NOBODY, delivery));
    await subscriptionReady(home.client, dead);
    const fromMs = Date.now();
    await story.accepts(EVENTS);
    const account = await story.end();

    const accepted = story.sent.filter(({ answer, sentAtMs }) => answer === 202 && sentAtMs >= fromMs);
    const processes = home.replicas.flatMap(({ process }) => process ?? []);
    const deadLettered = async () => (await readAccount(processes, dead)).settled['dead-lettered'] ?? 0;
    expect(await deadLettered()).toBeLessThan(accepted.length);
    const isThrough = async () => (await deadLettered()) >= accepted.length || undefined;
    await eventually('the dead one is through with its events', isThrough, 60_000);
    const ids = accepted.map(({ id }) => id);
    const letters = await deadLetterIds(await store.openDriver(), story.channel, dead, ids);
    expect(ids.filter((id) => !letters.has(id)).length, 'events without an outcome').toBe(0);
    return { account, note: `of the dead one: ${ids.length} accepted, all in its dead-letter place` };
  },
};
