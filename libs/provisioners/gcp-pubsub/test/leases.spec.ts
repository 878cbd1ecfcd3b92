import { randomUUID } from 'node:crypto';
import { Duration, type Message } from '@google-cloud/pubsub';
import { RecordingHandler, testEvent } from '@millrace/conformance';
import { describe, expect, vi } from 'vitest';
import { topicName } from '../src/names.js';
import { newChannel, standInTest, subscriptionOf, type StandIn } from './stand-in.js';

const test = standInTest();
const LIMIT = { timeout: 30_000 };

/** Gets a message, says nothing, and ends: the store waits for its ack deadline, and hands it out again. */
async function deadlinePasses({ foreign }: StandIn, topic: string): Promise<void> {
  const [subscription] = await foreign
    .topic(topic)
    .createSubscription(`theirs-${randomUUID()}`, { ackDeadlineSeconds: 10 });
  await foreign.topic(topic).publishMessage({ data: Buffer.from('nobody acknowledges this') });
  const messages: Message[] = [];
  const options = { closeOptions: { timeout: Duration.from({ milliseconds: 0 }) } };
  const silent = foreign.subscription(subscription.name, options);
  silent.on('message', (message: Message) => messages.push(message));
  await vi.waitFor(() => expect(messages).toHaveLength(1), LIMIT);
  await silent.close();
  const next = foreign.subscription(subscription.name);
  next.on('message', (message: Message) => {
    messages.push(message);
    message.ack();
  });
  await vi.waitFor(() => expect(messages).toHaveLength(2), LIMIT);
  await next.close();
}

describe('an event that is long in work', { timeout: 120_000 }, () => {
  test('stays with its process, and is handed to no other one, over ack deadlines', async ({ standIn }) => {
    const other = await standIn.open();
    const channel = newChannel();
    const subscription = subscriptionOf(channel);
    await standIn.driver.ensureChannel(channel);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const [here, there] = [new RecordingHandler(), new RecordingHandler()];
    standIn.driver.consume(subscription, here.handle, { maxInFlight: 10 });
    await standIn.driver.publish(channel, testEvent('1'), undefined);
    await vi.waitFor(() => expect(here.ids).toEqual(['1']), LIMIT);
    other.consume(subscription, there.handle, { maxInFlight: 10 });
    const elsewhere = newChannel();
    await standIn.driver.ensureChannel(elsewhere);
    for (let deadline = 0; deadline < 2; deadline++) await deadlinePasses(standIn, topicName(elsewhere));
    expect([...here.ids, ...there.ids]).toEqual(['1']);
    expect(here.claims[0]?.signal.aborted).toBe(false);
    here.settleAll('delivered');
  });
});
