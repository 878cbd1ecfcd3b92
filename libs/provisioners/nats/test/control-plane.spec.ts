import type { ChannelDriver } from '@millrace/eventing-api';
import { connect, type JetStreamManager, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { durableName, streamName } from '../src/names.js';
import { newChannel, openStore, ownBroker, Reader, stored, subscriptionOf, testEvent } from './open-store.js';

const broker = await ownBroker();

describe.skipIf(!broker)('the control plane', () => {
  let client: NatsConnection;
  let manager: JetStreamManager;
  let driver: ChannelDriver;

  beforeAll(async () => {
    client = await connect({ servers: [...broker!.addresses] });
    manager = await client.jetstreamManager();
    driver = await openStore(broker!.addresses);
  });

  afterAll(async () => {
    await driver.close();
    await client.close();
    await broker!.stop();
  });

  it('makes a stream as the arguments of the Channel say, and names it in the report', async () => {
    const channel = newChannel({
      arguments: { storage: 'memory', maxAge: 'PT1H', maxBytes: 1_000_000, discard: 'old', partitions: 2 },
    });
    const { store, drift } = await driver.ensureChannel(channel);
    expect(drift).toEqual([]);
    const { config } = await manager.streams.info(store['stream']!);
    expect(config).toMatchObject({ storage: 'memory', max_age: 3600e9, max_bytes: 1_000_000, discard: 'old' });
    expect(config.subjects).toHaveLength(2);
  });

  it('gives room that was asked for later, and tells of what it leaves alone', async () => {
    const channel = newChannel({ arguments: { maxBytes: 1_000_000, partitions: 2 } });
    await driver.ensureChannel(channel);
    await driver.ensureChannel({ ...channel, arguments: { maxBytes: 2_000_000, partitions: 2 } });
    const { drift } = await driver.ensureChannel({ ...channel, arguments: { maxBytes: 4096, partitions: 4 } });
    expect(drift).toEqual(['maxBytes is 2000000 bytes, not 4096 bytes', 'partitions is 2, not 4']);
    const { config } = await manager.streams.info(streamName(channel));
    expect(config.max_bytes).toBe(2_000_000);
  });

  it('does not touch a stream of its name that is another’s', async () => {
    const channel = newChannel();
    await manager.streams.add({ name: streamName(channel), subjects: [channel.uid], description: 'made by hand' });
    await expect(driver.ensureChannel(channel)).rejects.toThrow('belongs to made by hand');
    await driver.deleteChannel(channel);
    expect((await manager.streams.info(streamName(channel))).config.subjects).toEqual([channel.uid]);
  });

  it('says what the server says where it cannot have what was asked for', async () => {
    const channel = newChannel({ arguments: { replicas: 3 } });
    await expect(driver.ensureChannel(channel)).rejects.toThrow(/could not be made: .*replicas/);
  });

  it('begins a Subscription at a place of the stream, which stays the same whoever leads its durables later', async () => {
    const channel = newChannel({ arguments: { partitions: 1 } });
    const audit = subscriptionOf(channel);
    await driver.ensureChannel(channel);
    for (const id of ['1', '2']) await stored(driver, channel, testEvent(id));
    await driver.ensureSubscription(audit, 'now');
    const { config } = await manager.consumers.info(streamName(channel), durableName(audit, 0));
    expect(config).toMatchObject({ deliver_policy: 'by_start_sequence', opt_start_seq: 3 });
  });

  it('begins a durable that has been deleted where the others of its Subscription stand, and loses nothing', async () => {
    const channel = newChannel({ arguments: { partitions: 2 } });
    const audit = subscriptionOf(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(audit, 'now');
    for (const id of ['1', '2', '3', '4']) await stored(driver, channel, testEvent(id));
    await manager.consumers.delete(streamName(channel), durableName(audit, 1));
    expect(await driver.backlog(audit)).toBeUndefined();
    await driver.ensureSubscription(audit, 'now');
    const reader = new Reader();
    const consumption = reader.read(driver, audit);
    await vi.waitFor(() => expect(reader.ids.sort()).toEqual(['1', '2', '3', '4']), { timeout: 10_000 });
    await consumption.stop(AbortSignal.abort());
  });

  it('takes a new ackWait over to durables that are there', async () => {
    const channel = newChannel({ arguments: { partitions: 1 } });
    const audit = subscriptionOf(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(audit, 'now');
    const other = await openStore(broker!.addresses, { parameters: { ackWait: 'PT7S' } });
    await other.ensureSubscription(audit, 'now');
    await other.close();
    const { config } = await manager.consumers.info(streamName(channel), durableName(audit, 0));
    expect(config.ack_wait).toBe(7e9);
  });

  it('serves two stores of one process that have other parameters', async () => {
    const small = await openStore(broker!.addresses, { parameters: { partitions: 1, maxBytes: 4096 } });
    const [of, ofSmall] = [newChannel(), newChannel()];
    await driver.ensureChannel(of);
    await small.ensureChannel(ofSmall);
    expect((await manager.streams.info(streamName(of))).config).toMatchObject({ max_bytes: -1 });
    expect((await manager.streams.info(streamName(ofSmall))).config).toMatchObject({ max_bytes: 4096 });
    await small.close();
    await stored(driver, of, testEvent('1'));
  });

  it('says full, and when to come again, where a stream that discards nothing is full', async () => {
    const channel = newChannel({ arguments: { maxBytes: 4096, partitions: 1 } });
    await driver.ensureChannel(channel);
    const publish = () => driver.publish(channel, { ...testEvent('1'), body: Buffer.alloc(1000) }, undefined);
    const results = [await publish(), await publish(), await publish(), await publish()];
    expect(results[0]).toEqual({ outcome: 'stored' });
    expect(results.at(-1)).toMatchObject({ outcome: 'refused', code: 'full', message: 'maximum bytes exceeded' });
    expect(results.at(-1)).toHaveProperty('retryAfterMs');
  });
});
