import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { RecordingHandler } from '@millrace/conformance';
import { groupName, topicName } from '../src/names.js';
import {
  brokerFor,
  event,
  eventually,
  foreignAdmin,
  newChannel,
  openStore,
  store,
  subscriptionTo,
} from './open-store.js';

const { broker, notRun } = await brokerFor();

describe.runIf(broker)('the topic of a Channel', () => {
  if (!broker) return;

  it('is made as the Channel asks, over the defaults of its provisioner', async () => {
    const channelDefaults = { numPartitions: 3, retention: 'P1D', topicConfig: { 'segment.bytes': '1048576' } };
    const driver = await openStore(broker, { parameters: { channelDefaults } });
    const channel = newChannel({ retention: 'PT1H', topicConfig: { 'max.message.bytes': '100000' } });
    const report = await driver.ensureChannel(channel);
    const store = { topic: topicName(channel) };
    expect(report).toEqual({ store, drift: [], maxEventBytes: 100_000 - 1024, isNew: true });
    expect(await driver.ensureChannel(channel)).toMatchObject({ store, isNew: false });
    expect(await settingsOf(topicName(channel), ['retention.ms', 'segment.bytes', 'max.message.bytes'])).toEqual({
      partitions: 3,
      'retention.ms': '3600000',
      'segment.bytes': '1048576',
      'max.message.bytes': '100000',
    });
    const tooLarge = await driver.publish(channel, event('1', undefined, 'x'.repeat(100_000)), undefined);
    expect(tooLarge).toMatchObject({ code: 'too-large' });
  });

  it('that keeps dead letters has one partition and keeps them for ever', async () => {
    const driver = await openStore(broker, { parameters: { channelDefaults: { retention: 'PT1H' } } });
    const place = newChannel({ numPartitions: 8 }, 'dead-letters');
    await driver.ensureChannel(place);
    expect(await settingsOf(topicName(place), ['retention.ms'])).toEqual({ partitions: 1, 'retention.ms': '-1' });
  });

  it('grows when its Channel asks for more partitions, and what comes into the new ones is handed out', async () => {
    const driver = await openStore(broker);
    const channel = newChannel({ numPartitions: 1 });
    const subscription = subscriptionTo(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    await store(driver, channel, event('before', 'k'));
    const handler = new RecordingHandler('delivered');
    driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await eventually(() => expect(handler.ids).toEqual(['before']));

    const larger = { ...channel, arguments: { numPartitions: 6 } };
    expect((await driver.ensureChannel(larger)).drift).toEqual([]);
    expect(await settingsOf(topicName(channel), [])).toEqual({ partitions: 6 });
    const ids = Array.from({ length: 30 }, (_, index) => `after-${index}`);
    await store(driver, larger, ...ids.map((id) => event(id, id)));
    await eventually(() => expect(handler.distinctIds).toEqual(new Set(['before', ...ids])));
  });

  it('that differs from what was asked for is left alone, and told', async () => {
    const driver = await openStore(broker);
    const channel = newChannel({ numPartitions: 4, retention: 'PT2H' });
    await driver.ensureChannel(channel);
    const asked = { numPartitions: 2, replicationFactor: 2, retention: 'PT1H' };
    const { drift } = await driver.ensureChannel({ ...channel, arguments: asked });
    expect(drift).toHaveLength(3);
    expect(await settingsOf(topicName(channel), ['retention.ms'])).toEqual({
      partitions: 4,
      'retention.ms': '7200000',
    });
  });

  it('that the broker will not make is refused in the words of the broker', async () => {
    const driver = await openStore(broker);
    const tooMany = newChannel({ replicationFactor: 50 });
    await expect(driver.ensureChannel(tooMany)).rejects.toThrow(/INVALID_REPLICATION_FACTOR/);
    const unknown = newChannel({ topicConfig: { 'no.such.setting': '1' } });
    await expect(driver.ensureChannel(unknown)).rejects.toThrow(/INVALID_CONFIG/);
  });

  it('goes with the groups of its Subscriptions, and with no others', async () => {
    const driver = await openStore(broker);
    const [channel, other] = [newChannel(), newChannel()];
    for (const one of [channel, other]) {
      await driver.ensureChannel(one);
      await driver.ensureSubscription(subscriptionTo(one), 'now');
    }
    await driver.deleteChannel(channel);
    const admin = await foreignAdmin(broker);
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
    expect(groups).toContain(groupName(subscriptionTo(other)));
    expect(groups).not.toContain(groupName(subscriptionTo(channel)));
  });

  it('of another provisioner with other parameters is its own', async () => {
    const few = await openStore(broker, { parameters: { channelDefaults: { numPartitions: 1 }, maxPendingEvents: 1 } });
    const many = await openStore(broker, { parameters: { channelDefaults: { numPartitions: 7 } } });
    const [a, b] = [newChannel(), newChannel()];
    await few.ensureChannel(a);
    await many.ensureChannel(b);
    expect(await settingsOf(topicName(a), [])).toEqual({ partitions: 1 });
    expect(await settingsOf(topicName(b), [])).toEqual({ partitions: 7 });
    const publish = (driver: typeof few, channel: typeof a) =>
      Promise.all([1, 2, 3].map((id) => driver.publish(channel, event(String(id)), undefined)));
    expect(await publish(few, a)).toMatchObject([{ outcome: 'stored' }, { code: 'full' }, { code: 'full' }]);
    expect(await publish(many, b)).toMatchObject([{}, {}, {}].map(() => ({ outcome: 'stored' })));
    await few.close();
    expect(await publish(many, b)).toMatchObject([{}, {}, {}].map(() => ({ outcome: 'stored' })));
  });

  async function settingsOf(topic: string, configNames: string[]): Promise<Record<string, unknown>> {
    if (!broker) throw new Error('no broker');
    const admin = await foreignAdmin(broker);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions.length;
    if (configNames.length === 0) return { partitions };
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames }];
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entries = described.resources[0]?.configEntries ?? [];
    return {
      partitions,
      ...Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  }
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
