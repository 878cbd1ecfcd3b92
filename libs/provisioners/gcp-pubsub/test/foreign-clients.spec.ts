import type { Message } from '@google-cloud/pubsub';
import { RecordingHandler, testEvent } from '@millrace/conformance';
import { describe, expect, vi } from 'vitest';
import { topicName } from '../src/names.js';
import { newChannel, standInTest, subscriptionOf, type StandIn } from './stand-in.js';

const test = standInTest();
const LIMIT = { timeout: 30_000 };

/** What somebody gets who subscribes to the topic with a client of their own. */
async function subscribe({ foreign }: StandIn, topic: string): Promise<Message[]> {
  const messages: Message[] = [];
  const [subscription] = await foreign.topic(topic).createSubscription(`theirs-${topic}`);
  subscription.on('message', (message: Message) => {
    messages.push(message);
    message.ack();
  });
  return messages;
}

describe('somebody without Millrace', () => {
  test('reads the events of a Channel as the binding says', async ({ standIn }) => {
    const channel = newChannel();
    await standIn.driver.ensureChannel(channel);
    const messages = await subscribe(standIn, topicName(channel));
    const body = Buffer.from([0, 255, 1]);
    const headers = ['ce-subject', 'Z%C3%BCrich'];
    const event = testEvent('1', { body, contentType: 'application/octet-stream', headers, partitionKey: 'k' });
    expect(await standIn.driver.publish(channel, event, undefined)).toEqual({ outcome: 'stored' });
    await vi.waitFor(() => expect(messages).toHaveLength(1), LIMIT);
    expect(messages[0]?.data).toEqual(body);
    expect(messages[0]?.orderingKey).toBe('k');
    expect(messages[0]?.attributes).toMatchObject({
      ...{ 'ce-id': '1', 'ce-specversion': '1.0', 'ce-subject': 'Zürich', 'ce-partitionkey': 'k' },
      'content-type': 'application/octet-stream',
    });
  });

  test('publishes events in either mode to the topic of a Channel', async ({ standIn }) => {
    const channel = newChannel();
    await standIn.driver.ensureChannel(channel);
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const handler = new RecordingHandler('delivered');
    standIn.driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    const topic = standIn.foreign.topic(topicName(channel));
    const context = { 'ce-specversion': '1.0', 'ce-source': '/theirs', 'ce-type': 'theirs' };
    await topic.publishMessage({ data: Buffer.from('{}'), attributes: { ...context, 'ce-id': 'binary' } });
    await topic.publishMessage({
      data: Buffer.from(JSON.stringify({ specversion: '1.0', id: 'structured', source: '/theirs', type: 'theirs' })),
      attributes: { 'content-type': 'application/cloudevents+json' },
    });
    await vi.waitFor(() => expect(handler.distinctIds).toEqual(new Set(['binary', 'structured'])), LIMIT);
    expect(handler.events.find(({ id }) => id === 'structured')?.mode).toBe('structured');
  });

  test('publishes what is no event: it is left out for good, holds nothing up, and is told once', async ({
    standIn,
  }) => {
    const channel = newChannel();
    await standIn.driver.ensureChannel(channel);
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const topic = standIn.foreign.topic(topicName(channel));
    for (let count = 0; count < 5; count++) await topic.publishMessage({ data: Buffer.from('hello') });
    await standIn.driver.publish(channel, testEvent('1'), undefined);
    const handler = new RecordingHandler('delivered');
    standIn.driver.consume(subscription, handler.handle, { maxInFlight: 1 });
    await vi.waitFor(() => expect(handler.ids).toEqual(['1']), LIMIT);
    expect(standIn.logger.lines.filter((line) => line.includes('no CloudEvent'))).toHaveLength(1);
  });
});
