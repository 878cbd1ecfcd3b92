import { setTimeout as wait } from 'node:timers/promises';
import { RecordingHandler } from '@millrace/conformance';
import { describe, expect, it } from 'vitest';
import { topicName } from '../src/names.js';
import { brokerFor, event, eventually, foreignAdmin, newChannel, openStore, subscriptionTo } from './open-store.js';

const KEYS = 50;

const { broker, notRun } = await brokerFor({ nodes: 3, faults: true });

describe.runIf(broker)('a cluster of three', () => {
  if (!broker) return;

  it('keeps events on three brokers, and loses none that it has acknowledged when one of them is killed under load', async () => {
    const driver = await openStore(broker);
    const channel = newChannel({ numPartitions: 6 });
    const subscription = subscriptionTo(channel);
    expect((await driver.ensureChannel(channel)).drift).toEqual([]);
    await driver.ensureSubscription(subscription, 'now');
    expect(await driver.durability()).toMatchObject({ level: 'Replicated' });
    const admin = await foreignAdmin(broker);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topicName(channel)] });
    expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3, 3, 3, 3]);

    const handler = new RecordingHandler('delivered');
    driver.consume(subscription, handler.handle, { maxInFlight: 100 });
    const stored: string[] = [];
    const storedKeys = new Set<string>();
    const time = new AbortController();
    let published = 0;
    const produce = async () => {
      while (!time.signal.aborted) {
        const id = String(published++);
        const key = `key-${published % KEYS}`;
        const result = await driver.publish(channel, event(id, key), undefined);
        if (result.outcome === 'refused') await wait(100);
        else storedKeys.add(key);
        if (result.outcome === 'stored') stored.push(id);
      }
    };
    /** Every partition has a leader: each key gets through. */
    const everyKeyGetsThrough = async () => {
      storedKeys.clear();
      await eventually(() => expect(storedKeys.size).toBe(KEYS));
    };
    const producing = Promise.all(Array.from({ length: 16 }, produce));
    try {
      for (const node of broker.nodes) {
        await everyKeyGetsThrough();
        await node.kill();
        await everyKeyGetsThrough();
        await eventually(async () => expect(await driver.health()).toEqual({ status: 'up' }));
        // What is made meanwhile, and what is told of the store, is as if nothing were amiss.
        expect((await eventually(() => driver.ensureChannel(newChannel()))).drift).toEqual([]);
        expect(await eventually(() => driver.durability())).toMatchObject({ level: 'Replicated' });
        await node.start();
      }
    } finally {
      time.abort();
      await producing;
    }
    await eventually(() => {
      const seen = handler.distinctIds;
      expect(stored.filter((id) => !seen.has(id))).toEqual([]);
    });
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
