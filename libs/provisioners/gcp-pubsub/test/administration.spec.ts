import { RecordingHandler, testEvent } from '@millrace/conformance';
import { describe, expect, vi } from 'vitest';
import { subscriptionName, topicName } from '../src/names.js';
import { newChannel, standInTest, subscriptionOf } from './stand-in.js';

const test = standInTest();
const LIMIT = { timeout: 30_000 };

describe('a Channel in Pub/Sub', () => {
  test('has a topic with its labels and region, and says where it is', async ({ standIn }) => {
    const channel = newChannel({ labels: { team: 'shop' }, region: 'europe-west1' });
    const report = await standIn.driver.ensureChannel(channel);
    expect(report.store).toEqual({ project: 'millrace-test', topic: topicName(channel) });
    const [topic] = await standIn.foreign.topic(topicName(channel)).getMetadata();
    expect(topic.labels).toMatchObject({ team: 'shop', 'millrace-channel-uid': channel.uid });
  });

  test('tells what differs from what was asked for, and destroys nothing for it', async ({ standIn }) => {
    const channel = newChannel();
    await standIn.driver.ensureChannel(channel);
    const changed = { ...channel, arguments: { region: 'europe-west1', labels: { team: 'shop' } } };
    const { drift } = await standIn.driver.ensureChannel(changed);
    expect(drift).toContain('events may be stored in every region, not in europe-west1 alone');
    // The emulator changes no labels, pstest does.
    const [topic] = await standIn.foreign.topic(topicName(channel)).getMetadata();
    const labels = drift.filter((sentence) => sentence.startsWith('labels team differ, and cannot be changed: '));
    expect(labels).toHaveLength(topic.labels?.['team'] === 'shop' ? 0 : 1);
    expect(await standIn.driver.publish(channel, testEvent('1'), undefined)).toEqual({ outcome: 'stored' });
  });

  test('does not take a topic that belongs to another Channel', async ({ standIn }) => {
    const channel = newChannel();
    const labels = { 'millrace-channel-uid': 'somebody-else' };
    await standIn.foreign.createTopic({ name: topicName(channel), labels });
    await expect(standIn.driver.ensureChannel(channel)).rejects.toThrow(/belongs to another Channel.*somebody-else/);
    await standIn.driver.deleteChannel(channel);
    expect(await standIn.foreign.topic(topicName(channel)).exists()).toEqual([true]);
  });

  test('uses a topic that somebody made for it, and leaves it there', async ({ standIn }) => {
    const channel = newChannel();
    await standIn.foreign.createTopic(topicName(channel));
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscriptionOf(channel), 'now');
    await standIn.driver.deleteChannel(channel);
    expect(await standIn.foreign.topic(topicName(channel)).exists()).toEqual([true]);
    const [subscriptions] = await standIn.foreign.topic(topicName(channel)).getSubscriptions();
    expect(subscriptions).toEqual([]);
  });

  test('takes its subscriptions with it also where somebody deleted its topic', async ({ standIn }) => {
    const channel = newChannel();
    const [left, other] = [subscriptionOf(channel), subscriptionOf(newChannel())];
    for (const subscription of [left, other]) {
      await standIn.driver.ensureChannel(subscription.channel);
      await standIn.driver.ensureSubscription(subscription, 'now');
      await standIn.foreign.topic(topicName(subscription.channel)).delete();
    }
    await standIn.driver.deleteChannel(channel);
    expect(await standIn.foreign.subscription(subscriptionName(left)).exists()).toEqual([false]);
    expect(await standIn.foreign.subscription(subscriptionName(other)).exists()).toEqual([true]);
  });

  test('refuses a retention that Pub/Sub does not take, in words', async ({ standIn }) => {
    const ensuring = standIn.driver.ensureChannel(newChannel({ retention: 'PT1M' }));
    await expect(ensuring).rejects.toThrow('arguments.retention: Pub/Sub takes 600 s');
  });
});

describe('a Subscription in Pub/Sub', () => {
  test('never expires, keeps order, and leaves retries and dead letters to Millrace', async ({ standIn }) => {
    const channel = newChannel({ retention: 'P2D' });
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const [metadata] = await standIn.foreign.subscription(subscriptionName(subscription)).getMetadata();
    expect(metadata).toMatchObject({
      ...{ enableMessageOrdering: true, ackDeadlineSeconds: 10, deadLetterPolicy: null, filter: '' },
      messageRetentionDuration: { seconds: '172800' },
    });
    expect(metadata.expirationPolicy?.ttl ?? null).toBeNull();
  });

  test('keeps its events longer once its Channel does', async ({ standIn }) => {
    const channel = newChannel({ retention: 'P1D' });
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const longer = { ...subscription, channel: { ...channel, arguments: { retention: 'P3D' } } };
    await standIn.driver.ensureSubscription(longer, 'now');
    await standIn.driver.ensureSubscription(subscription, 'now');
    const [metadata] = await standIn.foreign.subscription(subscriptionName(subscription)).getMetadata();
    expect(metadata.messageRetentionDuration).toMatchObject({ seconds: '259200' });
  });

  test('is made anew where somebody deleted its topic, since it would never get anything again', async ({
    standIn,
  }) => {
    const channel = newChannel();
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    await standIn.foreign.topic(topicName(channel)).delete();
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const handler = new RecordingHandler('delivered');
    standIn.driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await standIn.driver.publish(channel, testEvent('1'), undefined);
    await vi.waitFor(() => expect(handler.ids).toEqual(['1']), LIMIT);
    expect(standIn.logger.lines).toContainEqual(expect.stringContaining('made anew'));
  });
});

describe('a Subscription that two processes make at one time', () => {
  test('is at its start when either says so', async ({ standIn }) => {
    // It cannot seek in a subscription that keeps order, and says so; pstest ends when it is asked to.
    if (!standIn.broker.version.startsWith('emulator')) return;
    const channel = newChannel();
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureChannel(channel);
    // On one connection, so that neither finds what the other has made before both have looked.
    const ensuring = [1, 2].map(() => standIn.driver.ensureSubscription(subscription, 'earliest'));
    for (const result of await Promise.allSettled(ensuring)) {
      const reason = { message: expect.stringContaining('could not be moved to its start') };
      expect(result).toMatchObject({ status: 'rejected', reason });
    }
  });
});

describe('two stores of the driver', () => {
  test('work side by side, each in its project, also for one Channel', async ({ standIn }) => {
    const other = await standIn.open({ project: 'another-project' });
    const channel = newChannel();
    const subscription = subscriptionOf(channel);
    const handlers: RecordingHandler[] = [];
    for (const driver of [standIn.driver, other]) {
      await driver.ensureChannel(channel);
      await driver.ensureSubscription(subscription, 'now');
      const handler = new RecordingHandler('delivered');
      driver.consume(subscription, handler.handle, { maxInFlight: 10 });
      handlers.push(handler);
    }
    await standIn.driver.publish(channel, testEvent('here'), undefined);
    await other.publish(channel, testEvent('there'), undefined);
    await vi.waitFor(() => expect(handlers.map(({ ids }) => ids)).toEqual([['here'], ['there']]), LIMIT);
    await other.close();
    await standIn.driver.publish(channel, testEvent('later'), undefined);
    await vi.waitFor(() => expect(handlers[0]?.ids).toEqual(['here', 'later']), LIMIT);
  });
});
