import type { StoredEvent } from '@millrace/eventing-api';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { fromKafkaMessage, toKafkaMessage } from './message-mapping.js';

const event: StoredEvent = {
  specversion: '1.0',
  id: '1',
  source: '/s',
  type: 't',
  partitionKey: 'k',
  headers: [
    ...['content-type', 'text/plain', 'ce-specversion', '1.0', 'ce-id', '1', 'ce-source', '/s', 'ce-type', 't'],
    ...['ce-partitionkey', 'k', 'ce-subject', 'Euro%20%E2%82%AC', 'x-request-id', 'r', 'x-b3-traceid', 't'],
  ],
  body: Buffer.from('hello'),
  mode: 'binary',
  transport: { hops: 2, traceparent: '00-1-2-01' },
};

const record = (given: Partial<Pick<KafkaMessage, 'key' | 'value' | 'headers'>>): KafkaMessage => ({
  key: null,
  value: null,
  timestamp: '0',
  attributes: 0,
  offset: '0',
  headers: {},
  ...(given as object),
});

const headers = {
  ce_specversion: Buffer.from('1.0'),
  ce_id: Buffer.from('1'),
  ce_source: Buffer.from('/s'),
  ce_type: Buffer.from('t'),
};

describe('a record', () => {
  it('is written as the CloudEvents Kafka protocol binding says', () => {
    expect(toKafkaMessage(event).message).toEqual({
      key: Buffer.from('k'),
      value: Buffer.from('hello'),
      headers: {
        'content-type': 'text/plain',
        ce_specversion: '1.0',
        ce_id: '1',
        ce_source: '/s',
        ce_type: 't',
        ce_partitionkey: 'k',
        ce_subject: 'Euro €',
        'knative-hop-count': '2',
        traceparent: '00-1-2-01',
        'x-request-id': 'r',
        'x-b3-traceid': 't',
      },
    });
  });

  it('takes at most as many bytes as it says', () => {
    const { bytes } = toKafkaMessage(event);
    expect(bytes).toBeGreaterThan(event.headers.join('').length);
    expect(bytes).toBeLessThan(600);
  });

  it('of a foreign producer is read: its key orders, no value is no data, repeated headers are all kept', () => {
    const carried = { 'knative-a': [Buffer.from('1'), Buffer.from('2')] };
    const reading = fromKafkaMessage(record({ key: Buffer.from('k'), headers: { ...headers, ...carried } }));
    if (reading.outcome !== 'event') throw new Error('no event');
    expect(reading.event).toMatchObject({ id: '1', partitionKey: 'k', mode: 'binary', transport: { hops: 0 } });
    expect(reading.event.body).toHaveLength(0);
    expect(reading.event.headers).not.toContain('ce-partitionkey');
    expect(reading.event.headers.filter((name) => name === 'knative-a')).toHaveLength(2);
  });

  it('that holds a structured event is read although no attributes stand beside it', () => {
    const document = { specversion: '1.0', id: '9', source: '/s', type: 't', partitionkey: 'p', data: 1 };
    const contentType = Buffer.from('application/cloudevents+json; charset=UTF-8');
    const value = Buffer.from(JSON.stringify(document));
    const reading = fromKafkaMessage(record({ value, headers: { 'content-type': contentType } }));
    if (reading.outcome !== 'event') throw new Error('no event');
    expect(reading.event).toMatchObject({ id: '9', mode: 'structured', partitionKey: 'p', body: value });
  });

  it.each([
    ['a tombstone', record({ key: Buffer.from('k') })],
    ['some bytes', record({ value: Buffer.from([1, 2, 3]) })],
    ['an event without an id', record({ headers: { ...headers, ce_id: Buffer.from('') } })],
    ['broken JSON', record({ value: Buffer.from('{'), headers: { 'content-type': 'application/cloudevents+json' } })],
  ])('that is %s is no event', (_, message) => {
    expect(fromKafkaMessage(message).outcome).toBe('invalid');
  });
});
