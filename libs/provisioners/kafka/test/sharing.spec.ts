import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelDriver, Claim, Consumption, Settlement, StoredEvent } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { brokerFor, event, eventually, newChannel, openStore, store, subscriptionTo } from './open-store.js';

const { broker, notRun } = await brokerFor();

/** Subscribers of all processes together: takes a while for each event, and notes who is at which key. */
class SharedSubscriber {
  readonly taken: StoredEvent[] = [];
  readonly overlaps: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly owners = new Map<string, { owner: string; count: number }>();

  takenBy(owner: string): number {
    return this.counts.get(owner) ?? 0;
  }

  handlerOf =
    (owner: string) =>
    async (event: StoredEvent, claim: Claim): Promise<Settlement> => {
      const key = event.partitionKey ?? '';
      const at = this.owners.get(key) ?? { owner, count: 0 };
      if (at.count > 0 && at.owner !== owner) this.overlaps.push(`${key}: ${owner} while ${at.owner} is at it`);
      this.owners.set(key, { owner, count: at.count + 1 });
      await wait(20 + Math.random() * 60);
      const now = this.owners.get(key) ?? at;
      this.owners.set(key, { ...now, count: Math.max(0, now.count - 1) });
      if (claim.signal.aborted) return 'release';
      this.taken.push(event);
      this.counts.set(owner, this.takenBy(owner) + 1);
      return 'delivered';
    };
}

describe.runIf(broker)('processes that share a Subscription', () => {
  if (!broker) return;

  it('come and go without two of them at one key, and without handing much out twice', async () => {
    const drivers = await Promise.all([openStore(broker), openStore(broker)]);
    const [first, second] = drivers;
    const channel = newChannel({ numPartitions: 6 });
    const subscription = subscriptionTo(channel);
    await first.ensureChannel(channel);
    await first.ensureSubscription(subscription, 'now');
    const subscriber = new SharedSubscriber();
    const consume = (driver: ChannelDriver, owner: string): Consumption =>
      driver.consume(subscription, subscriber.handlerOf(owner), { maxInFlight: 24 });

    let published = 0;
    const time = new AbortController();
    const producing = (async () => {
      while (!time.signal.aborted) await store(first, channel, event(String(published++), `key-${published % 24}`));
    })();
    consume(first, 'first');
    const seen = (count: number) => eventually(() => expect(subscriber.taken.length).toBeGreaterThan(count));
    try {
      await seen(50);
      for (let round = 0; round < 3; round++) {
        const guest = consume(second, `guest-${round}`);
        await eventually(() => expect(subscriber.takenBy(`guest-${round}`)).toBeGreaterThan(50));
        await guest.stop(new AbortController().signal);
        await seen(subscriber.taken.length + 100);
      }
    } finally {
      time.abort();
      await producing;
    }
    await eventually(() => expect(new Set(subscriber.taken.map(({ id }) => id)).size).toBe(published));
    expect(subscriber.overlaps).toEqual([]);
    expect(subscriber.taken.length - published, 'events that were taken twice').toBeLessThan(100);
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
