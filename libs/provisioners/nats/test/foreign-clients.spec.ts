import type { ChannelDriver } from '@millrace/eventing-api';
import { RecordingLogger } from '@millrace/testing';
import { AckPolicy, connect, headers, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { partitionSubject, streamName } from '../src/names.js';
import { newChannel, openStore, ownBroker, Reader, stored, subscriptionOf, testEvent } from './open-store.js';

const broker = await ownBroker();

describe.skipIf(!broker)('clients that know nothing of Millrace', () => {
  const logger = new RecordingLogger();
  let client: NatsConnection;
  let driver: ChannelDriver;

  beforeAll(async () => {
    client = await connect({ servers: [...broker!.addresses] });
    driver = await openStore(broker!.addresses, { logger });
  });

  afterAll(async () => {
    await driver.close();
    await client.close();
    await broker!.stop();
  });

  it('read an event as the NATS binding of CloudEvents has it', async () => {
    const channel = newChannel();
    await driver.ensureChannel(channel);
    const event = { ...testEvent('1', 'k'), transport: { hops: 2, traceparent: '00-1-2-01' } };
    await stored(driver, channel, { ...event, headers: [...event.headers, 'ce-subject', 'a%20b'] });
    const manager = await client.jetstreamManager();
    await manager.consumers.add(streamName(channel), { durable_name: 'foreign', ack_policy: AckPolicy.Explicit });
    const consumer = await client.jetstream().consumers.get(streamName(channel), 'foreign');
    const message = await consumer.next();
    expect(message?.string()).toBe('{}');
    const own = [...(message?.headers ?? [])].filter(([name]) => name !== 'Nats-Msg-Id');
    expect(Object.fromEntries(own.map(([name, [value]]) => [name, value]))).toEqual({
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/test',
      'ce-type': 'test',
      'ce-partitionkey': 'k',
      'ce-subject': 'a%20b',
      'ce-datacontenttype': 'application/json',
      'knative-hop-count': '2',
      traceparent: '00-1-2-01',
    });
  });

  it('have their events handed out, binary or structured, and what is no event passed over and told once', async () => {
    const channel = newChannel();
    const audit = subscriptionOf(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(audit, 'now');
    const subject = partitionSubject(channel, 0);
    const attributes = headers();
    for (const [name, value] of [
      ['Ce-Specversion', '1.0'],
      ['CE-ID', 'binary'],
      ['ce-source', '/foreign'],
      ['ce-type', 'foreign'],
      ['ce-datacontenttype', 'text/plain'],
    ] as const) {
      attributes.append(name, value);
    }
    const document = { specversion: '1.0', id: 'structured', source: '/foreign', type: 'foreign', data: { n: 1 } };
    const structured = headers();
    structured.append('Content-Type', 'application/cloudevents+json');
    const js = client.jetstream();
    await js.publish(subject, 'noise');
    await js.publish(subject, 'more noise');
    await js.publish(subject, 'hello', { headers: attributes });
    await js.publish(subject, JSON.stringify(document), { headers: structured });
    const reader = new Reader();
    const consumption = reader.read(driver, audit);
    await vi.waitFor(() => expect(reader.ids).toEqual(['binary', 'structured']), { timeout: 10_000 });
    const [binary] = reader.events;
    expect(binary).toMatchObject({ mode: 'binary', body: Buffer.from('hello') });
    expect(binary?.headers).toEqual(expect.arrayContaining(['content-type', 'text/plain']));
    await vi.waitFor(async () => expect(await driver.backlog(audit)).toEqual({ pending: 0, inFlight: 0 }));
    const told = logger.lines.filter((line) => line.includes('no CloudEvent'));
    expect(told).toHaveLength(1);
    await consumption.stop(AbortSignal.abort());
  });
});
