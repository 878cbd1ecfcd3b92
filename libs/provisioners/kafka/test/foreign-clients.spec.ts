import { Partitioners, type KafkaMessage } from 'kafkajs';
import { RecordingHandler } from '@millrace/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { topicName } from '../src/names.js';
import {
  brokerFor,
  event,
  eventually,
  foreignKafka,
  newChannel,
  openStore,
  RecordingLog,
  store,
  subscriptionTo,
} from './open-store.js';

const { broker, notRun } = await brokerFor();

describe.runIf(broker)('a client that knows nothing of Millrace', () => {
  if (!broker) return;

  it('reads events as the CloudEvents Kafka protocol binding writes them', async () => {
    const driver = await openStore(broker);
    const channel = newChannel();
    await driver.ensureChannel(channel);
    const key = 'a key';
    const written = event('1', key, 'hello');
    await store(driver, channel, { ...written, headers: [...written.headers, 'ce-subject', 'Euro%20%E2%82%AC'] });

    const consumer = foreignKafka(broker).consumer({ groupId: `foreign-${channel.uid}` });
    onTestFinished(() => consumer.disconnect());
    const seen: KafkaMessage[] = [];
    await consumer.subscribe({ topics: [topicName(channel)], fromBeginning: true });
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void seen.push(message)) });
    await eventually(() => expect(seen).toHaveLength(1));
    const [record] = seen;
    expect(record?.key?.toString()).toBe(key);
    expect(record?.value?.toString()).toBe('hello');
    const headers = Object.fromEntries(
      Object.entries(record?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: '1',
      ce_type: 'test',
      ce_subject: 'Euro €',
      ce_partitionkey: key,
      'content-type': 'application/json',
    });
  });

  it('writes events that are handed out, and records that are none, which are passed over and told', async () => {
    const logger = new RecordingLog();
    const driver = await openStore(broker, { logger });
    const channel = newChannel();
    const subscription = subscriptionTo(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const producer = foreignKafka(broker).producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const ce = (id: string) => ({ ce_specversion: '1.0', ce_id: id, ce_source: '/foreign', ce_type: 't' });
    const document = { specversion: '1.0', id: 'structured', source: '/foreign', type: 't', data: { n: 1 } };
    const key = 'k';
    await producer.send({
      topic: topicName(channel),
      messages: [
        { key, value: 'no event' },
        { key, value: null },
        { key, value: 'data', headers: { ...ce('binary'), 'content-type': 'text/plain' } },
        { key, value: null, headers: ce('no data') },
        { key, value: JSON.stringify(document), headers: { 'content-type': 'application/cloudevents+json' } },
      ],
    });
    await store(driver, channel, event('ours', key));

    const handler = new RecordingHandler('delivered');
    const consumption = driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await eventually(() => expect(handler.ids).toEqual(['binary', 'no data', 'structured', 'ours']));
    expect(handler.events.map(({ partitionKey }) => partitionKey)).toEqual([key, key, key, key]);
    expect(handler.events[2]?.mode).toBe('structured');
    await eventually(async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 }));
    expect(logger.lines.filter((line) => line.includes('no CloudEvent'))).toHaveLength(1);
    await consumption.stop(AbortSignal.abort());
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
