import { RecordingHandler } from '@millrace/conformance';
import type { ChannelDriver, DriverSubscription } from '@millrace/eventing-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { setTimeout as wait } from 'node:timers/promises';
import { groupName, topicName } from '../src/names.js';
import {
  brokerFor,
  event,
  eventually,
  foreignAdmin,
  foreignKafka,
  newChannel,
  openStore,
  store,
  subscriptionTo,
} from './open-store.js';

const { broker, notRun } = await brokerFor();

/** So many events are settled before the topic is deleted, and more come after it was made again. */
const BEFORE = 200;
const AFTER = 600;

describe.runIf(broker)('a topic that somebody else deletes, and that is made again', () => {
  if (!broker) return;

  it('hands out every event that it has acknowledged, to all replicas together', async () => {
    const [first, second] = await Promise.all([openStore(broker), openStore(broker)]);
    const { subscription, handler } = await consumedBy([first, second]);
    const admin = await foreignAdmin(broker);
    await admin.deleteTopics({ topics: [topicName(subscription.channel)] });
    await refused(second, subscription);
    // As the leader does it when it hears of this; the other replica publishes meanwhile.
    const publishing = publishMany(second, subscription);
    await eventually(() => first.ensureChannel(subscription.channel));
    await eventually(() => first.ensureSubscription(subscription, 'now'));
    const stored = await publishing;
    await eventually(() => expect(missing(stored, handler)).toEqual([]));
  });

  it('does so even where it is made again by somebody else, before anybody asks for it', async () => {
    const [first, second] = await Promise.all([openStore(broker), openStore(broker)]);
    const { subscription, handler, losses } = await consumedBy([first, second]);
    const topic = topicName(subscription.channel);
    const admin = await foreignAdmin(broker);
    await admin.deleteTopics({ topics: [topic] });
    await eventually(() => admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true }));
    const stored = await publishMany(first, subscription);
    await eventually(() => expect(missing(stored, handler)).toEqual([]));
    await eventually(() => expect(losses.join()).toContain('was deleted'));
  });

  it('begins for a Subscription that nobody consumes, whatever position a late process commits for the former topic', async () => {
    const driver = await openStore(broker);
    const channel = newChannel({ numPartitions: 1 });
    const subscription = subscriptionTo(channel);
    const topic = topicName(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const admin = await foreignAdmin(broker);
    await admin.deleteTopics({ topics: [topic] });
    await eventually(() => admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true }));
    await driver.ensureChannel(channel);
    await store(driver, channel, event('1'), event('2'));
    const late = foreignKafka(broker).consumer({ groupId: groupName(subscription) });
    onTestFinished(() => late.disconnect());
    const joined = Promise.withResolvers<unknown>();
    late.on('consumer.group_join', joined.resolve);
    await late.connect();
    await late.subscribe({ topics: [topic] });
    await late.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    await joined.promise;
    await late.commitOffsets([{ topic, partition: 0, offset: '2', metadata: 'topic-id:AAAAAAAAAAAAAAAAAAAAAQ' }]);
    await late.disconnect();

    await driver.ensureSubscription(subscription, 'now');
    expect(await driver.backlog(subscription)).toMatchObject({ pending: 2 });
    const handler = new RecordingHandler('delivered');
    const consumption = driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await eventually(() => expect(handler.ids).toEqual(['1', '2']));
    await eventually(async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 }));
    await consumption.stop(AbortSignal.abort());
    // What is committed now holds.
    await driver.ensureSubscription(subscription, 'earliest');
    expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 });
  });

  it('begins at its beginning for a Subscription whose position went with the former one', async () => {
    const driver = await openStore(broker);
    const { subscription, handler, stop } = await consumedBy([driver]);
    await stop();
    const topic = topicName(subscription.channel);
    const admin = await foreignAdmin(broker);
    await admin.deleteTopics({ topics: [topic] });
    await refused(driver, subscription);
    await eventually(() => driver.ensureChannel(subscription.channel));
    await eventually(() => store(driver, subscription.channel, event('early')));
    // Before Kafka 4 a group that nobody consumes goes with its topic: the runtime asks for the beginning of a topic that is new.
    await driver.ensureSubscription(subscription, 'earliest');
    driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await eventually(() => expect(handler.distinctIds).toContain('early'));
  });
});

/** A Subscription that has settled events, and is consumed by each of the drivers, which begin anew when it is taken away from them. */
async function consumedBy(drivers: readonly ChannelDriver[]) {
  const [driver] = drivers as [ChannelDriver];
  const channel = newChannel({ numPartitions: 2 });
  const subscription = subscriptionTo(channel);
  await driver.ensureChannel(channel);
  await driver.ensureSubscription(subscription, 'now');
  const handler = new RecordingHandler('delivered');
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const losses: string[] = [];
  const running = drivers.map(async (one) => {
    while (!over.signal.aborted) {
      const consumption = one.consume(subscription, handler.handle, { maxInFlight: 20 });
      over.signal.addEventListener('abort', () => void consumption.stop(AbortSignal.abort()), { once: true });
      await consumption.closed.catch((error: unknown) => losses.push(String(error)));
      if (!over.signal.aborted) await wait(100);
    }
  });
  const ids = Array.from({ length: BEFORE }, (_, index) => `before-${index}`);
  await Promise.all(ids.map((id) => store(driver, channel, event(id, id))));
  await eventually(() => expect(missing(ids, handler)).toEqual([]));
  await eventually(async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 }));
  const stop = async () => {
    over.abort();
    await Promise.all(running);
  };
  return { subscription, handler, losses, stop };
}

function refused(driver: ChannelDriver, { channel }: DriverSubscription): Promise<void> {
  return eventually(async () => {
    expect(await driver.publish(channel, event('to nobody'), undefined)).toMatchObject({ code: 'not-found' });
  });
}

/** Until so many are stored; returns which. */
async function publishMany(driver: ChannelDriver, { channel }: DriverSubscription): Promise<string[]> {
  const stored: string[] = [];
  let published = 0;
  const produce = async () => {
    while (stored.length < AFTER) {
      const id = `after-${published++}`;
      const { outcome } = await driver.publish(channel, event(id, id), undefined);
      if (outcome === 'stored') stored.push(id);
      else await wait(20);
    }
  };
  await Promise.all(Array.from({ length: 8 }, produce));
  return stored;
}

function missing(ids: readonly string[], handler: RecordingHandler): string[] {
  const seen = handler.distinctIds;
  return ids.filter((id) => !seen.has(id));
}

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
