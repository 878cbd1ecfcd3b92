import { randomUUID } from 'node:crypto';
import type { BrokerNode } from '@millrace/brokers';
import type { ChannelDriver, DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import { connect } from 'nats';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { durableName, streamName } from '../src/names.js';
import {
  newChannel,
  openStore,
  ownBroker,
  Reader,
  stored,
  subscriptionOf,
  testEvent,
  untilLost,
} from './open-store.js';

const broker = await ownBroker();
const PATIENCE = { timeout: 30_000, interval: 20 };

describe.skipIf(!broker)('faults of the server', () => {
  const node = broker?.nodes[0] as BrokerNode;
  let channel: DriverChannel;
  let audit: DriverSubscription;
  let driver: ChannelDriver;

  beforeEach(async () => {
    channel = newChannel({ arguments: { partitions: 4 } });
    audit = subscriptionOf(channel);
    driver = await openStore(broker!.addresses);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(audit, 'now');
  });

  afterEach(() => driver.close());
  afterAll(() => broker!.stop());

  /** What the runtime does when a consumption has been lost. */
  const consumeAnew = async (reader: Reader) => {
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(audit, 'now');
    return reader.read(driver, audit);
  };

  const somebodyElse = async () => {
    const client = await connect({ servers: [...broker!.addresses] });
    return { client, manager: await client.jetstreamManager() };
  };

  it('a stream that is deleted ends its consumptions, refuses publishes as not-found, and is made anew', async () => {
    const reader = new Reader();
    const lost = reader.read(driver, audit);
    await stored(driver, channel, testEvent('1'));
    await vi.waitFor(() => expect(reader.ids).toEqual(['1']), PATIENCE);
    const { client, manager } = await somebodyElse();
    await manager.streams.delete(streamName(channel));
    await expect(lost.closed).rejects.toThrow('is gone');
    expect(await driver.publish(channel, testEvent('2'), undefined)).toMatchObject({ code: 'not-found' });
    const consumption = await consumeAnew(reader);
    await stored(driver, channel, testEvent('3'));
    await vi.waitFor(() => expect(reader.ids).toEqual(['1', '3']), PATIENCE);
    await consumption.stop(AbortSignal.abort());
    await client.close();
  });

  it('a durable that is deleted ends its consumption; made anew, it loses nothing', async () => {
    const reader = new Reader();
    const lost = reader.read(driver, audit);
    await stored(driver, channel, testEvent('1'));
    await vi.waitFor(() => expect(reader.ids).toEqual(['1']), PATIENCE);
    const { client, manager } = await somebodyElse();
    await manager.consumers.delete(streamName(channel), durableName(audit, 2));
    await expect(lost.closed).rejects.toThrow('is gone');
    for (const id of ['2', '3', '4', '5']) await stored(driver, channel, testEvent(id));
    const consumption = await consumeAnew(reader);
    await vi.waitFor(() => expect(new Set(reader.ids)).toEqual(new Set(['1', '2', '3', '4', '5'])), PATIENCE);
    await consumption.stop(AbortSignal.abort());
    await client.close();
  });

  it('a durable that is deleted loses nothing where it was the slowest of its Subscription', async () => {
    // Without keys the partitions take turns.
    const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
    for (const id of ids) await stored(driver, channel, testEvent(id));
    const slow = new Set(ids.filter((_, index) => index % 4 === 1));
    const taken: string[] = [];
    const lost = new Reader((event, claim) => {
      if (slow.has(event.id)) return untilLost(event, claim);
      taken.push(event.id);
      return 'delivered';
    }).read(driver, audit);
    const backlog = { pending: slow.size, inFlight: slow.size };
    await vi.waitFor(async () => expect(await driver.backlog(audit)).toEqual(backlog), PATIENCE);
    const { client, manager } = await somebodyElse();
    await manager.consumers.delete(streamName(channel), durableName(audit, 1));
    await expect(lost.closed).rejects.toThrow('is gone');
    const reader = new Reader();
    const consumption = await consumeAnew(reader);
    await vi.waitFor(() => expect(new Set([...taken, ...reader.ids])).toEqual(new Set(ids)), PATIENCE);
    await consumption.stop(AbortSignal.abort());
    await client.close();
  });

  it('a server that hangs lets a publish wait for no longer than it may, and is down until it goes on', async () => {
    await stored(driver, channel, testEvent('before'));
    node.freeze();
    try {
      // The first ones may still be answered.
      await vi.waitFor(async () => {
        const hasty = driver.publish(channel, testEvent(randomUUID()), AbortSignal.timeout(200));
        expect(await hasty).toMatchObject({ outcome: 'refused', code: 'timeout' });
      }, PATIENCE);
      const from = Date.now();
      const patient = driver.publish(channel, testEvent('patient'), undefined);
      expect(await patient).toMatchObject({ outcome: 'refused', code: 'timeout' });
      expect(Date.now() - from).toBeLessThan(11_000);
      expect(await driver.health()).toMatchObject({ status: 'down' });
      await expect(driver.ensureChannel(newChannel())).rejects.toThrow('could not be read');
    } finally {
      node.thaw();
    }
    await vi.waitFor(async () => expect(await driver.health()).toEqual({ status: 'up' }), PATIENCE);
    await stored(driver, channel, testEvent('after'));
    const reader = new Reader();
    const consumption = reader.read(driver, audit);
    await vi.waitFor(() => expect(reader.ids).toContain('after'), PATIENCE);
    expect(new Set(reader.ids).size, 'no event is stored twice, though it was sent again').toBe(reader.ids.length);
    await consumption.stop(AbortSignal.abort());
  }, 60_000);

  it('a server that hangs when a store is opened holds up nothing, and the store works when it goes on', async () => {
    node.freeze();
    let late: ChannelDriver;
    try {
      late = await openStore(broker!.addresses);
      expect(await late.health()).toMatchObject({ status: 'down' });
    } finally {
      node.thaw();
    }
    await vi.waitFor(async () => expect(await late.health()).toEqual({ status: 'up' }), PATIENCE);
    await stored(late, channel, testEvent('1'));
    await late.close();
  }, 60_000);

  it('a server that is killed under load loses nothing that was called stored, has nothing twice, and keeps the order of each key', async () => {
    const reader = new Reader();
    const consumption = reader.read(driver, audit, 64);
    const storedIds: string[] = [];
    let isOver = false;
    const producers = Array.from({ length: 16 }, async (_, producer) => {
      for (let index = 0; !isOver; index++) {
        const id = `${producer}-${String(index).padStart(6, '0')}`;
        const { outcome } = await driver.publish(channel, testEvent(id, `k${producer}`), undefined);
        if (outcome === 'stored') storedIds.push(id);
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    for (const enough of [300, 600]) {
      await vi.waitFor(() => expect(storedIds.length).toBeGreaterThan(enough), PATIENCE);
      await node.kill();
      await node.start();
    }
    const stored = storedIds.length;
    await vi.waitFor(() => expect(storedIds.length).toBeGreaterThan(stored + 300), PATIENCE);
    isOver = true;
    await Promise.all(producers);
    await vi.waitFor(() => {
      const seen = new Set(reader.ids);
      expect(storedIds.filter((id) => !seen.has(id))).toEqual([]);
    }, PATIENCE);
    const inOrder = [...new Set(reader.ids)].filter((id) => storedIds.includes(id));
    for (let producer = 0; producer < 16; producer++) {
      const ofKey = inOrder.filter((id) => id.startsWith(`${producer}-`));
      expect(ofKey).toEqual([...ofKey].sort());
    }
    const { client, manager } = await somebodyElse();
    const { state } = await manager.streams.info(streamName(channel));
    expect(state.messages, 'messages in the stream').toBeLessThanOrEqual(new Set(reader.ids).size);
    await client.close();
    await consumption.stop(AbortSignal.abort());
  }, 90_000);
});
