import type { StoredEvent } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { fromPubSubMessage, MAX_EVENT_BYTES, toPubSubMessage, type PubSubMessage } from './message-mapping.js';

const HEADERS = ['ce-specversion', '1.0', 'ce-id', '1', 'ce-source', '/shop', 'ce-type', 'order'];

function event(variation: Partial<StoredEvent> = {}, ...headers: string[]): StoredEvent {
  return {
    ...{ specversion: '1.0', id: '1', source: '/shop', type: 'order', mode: 'binary', transport: { hops: 2 } },
    headers: ['content-type', 'application/json', ...HEADERS, ...headers],
    body: Buffer.from('{"n":1.0}'),
    ...variation,
  };
}

function mapped(ours: StoredEvent): PubSubMessage {
  const mapping = toPubSubMessage(ours);
  if (mapping.outcome !== 'message') throw new Error(mapping.message);
  return mapping.message;
}

function read(message: PubSubMessage): StoredEvent {
  const reading = fromPubSubMessage(message);
  if (reading.outcome !== 'event') throw new Error(reading.fault.message);
  return reading.event;
}

/** Headers of different names have no order. */
function sorted(ours: StoredEvent): object {
  const { headers, ...rest } = ours;
  return { ...rest, headers: headers.flatMap((name, i) => (i % 2 ? [] : [`${name}: ${headers[i + 1] ?? ''}`])).sort() };
}

describe('an event as a message', () => {
  it('has its attributes under ce-, its media type under both names that readers look for, and its data as it is', () => {
    const message = mapped(event({}, 'ce-subject', 'Z%C3%BCrich'));
    expect(message.attributes).toMatchObject({
      'ce-id': '1',
      'ce-source': '/shop',
      'ce-specversion': '1.0',
      'ce-type': 'order',
      'ce-subject': 'Zürich',
      'content-type': 'application/json',
      'ce-datacontenttype': 'application/json',
      'knative-hop-count': '2',
    });
    expect(message.data.toString()).toBe('{"n":1.0}');
    expect(message.orderingKey).toBeUndefined();
  });

  it('is ordered by its partition key, and by a hash where that is longer than Pub/Sub takes', () => {
    expect(mapped(event({ partitionKey: 'customer 7' })).orderingKey).toBe('customer 7');
    const [one, other] = ['a', 'b'].map((end) => mapped(event({ partitionKey: 'k'.repeat(2000) + end })).orderingKey);
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other).not.toBe(one);
  });

  it.each([
    ['binary', event({ partitionKey: 'k' }, 'ce-partitionkey', 'k', 'x-request-id', 'r-1')],
    ['empty', event({ body: Buffer.alloc(0) })],
    ['with too many attributes', event({}, ...Array.from({ length: 120 }, (_, i) => [`ce-x${i}`, `v${i}`]).flat())],
    ['with an attribute that is too long', event({ body: Buffer.from([0, 255, 128]) }, 'ce-subject', 's'.repeat(1025))],
    [
      'structured',
      event({
        mode: 'structured',
        headers: ['content-type', 'application/cloudevents+json'],
        body: Buffer.from('{ "specversion":"1.0","id":"1","source":"/shop","type":"order" }'),
      }),
    ],
  ])('comes back the same: %s', (_, ours) => {
    expect(sorted(read(mapped(ours)))).toEqual(sorted(ours));
  });

  it('is a structured CloudEvent for others where it has more attributes than Pub/Sub takes', () => {
    const message = mapped(event({}, 'ce-subject', 's'.repeat(1025)));
    expect(message.attributes['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(message.data.toString())).toEqual({
      ...{ specversion: '1.0', id: '1', source: '/shop', type: 'order', subject: 's'.repeat(1025) },
      datacontenttype: 'application/json',
      data_base64: Buffer.from('{"n":1.0}').toString('base64'),
    });
  });

  it('is refused where it, or a header that goes with it, is larger than Pub/Sub takes', () => {
    expect(toPubSubMessage(event({ body: Buffer.alloc(MAX_EVENT_BYTES) })).outcome).toBe('too-large');
    expect(toPubSubMessage(event({}, 'x-request-id', 'r'.repeat(1025))).outcome).toBe('too-large');
    expect(toPubSubMessage(event({ body: Buffer.alloc(MAX_EVENT_BYTES - 1000) })).outcome).toBe('message');
  });
});

describe('a message of somebody else', () => {
  const attributes = { 'ce-specversion': '1.0', 'ce-id': '9', 'ce-source': '/theirs', 'ce-type': 'theirs' };

  it('is an event, its media type under either name', () => {
    for (const name of ['content-type', 'Content-Type', 'ce-datacontenttype']) {
      const theirs = read({ data: Buffer.from('x'), attributes: { ...attributes, [name]: 'text/plain' } });
      expect(theirs).toMatchObject({ id: '9', source: '/theirs', mode: 'binary' });
      expect(theirs.headers).toEqual(expect.arrayContaining(['content-type', 'text/plain']));
    }
  });

  it('is an event in structured mode without any attribute but the media type', () => {
    const document = { specversion: '1.0', id: '9', source: '/theirs', type: 'theirs', data: 1 };
    const theirs = read({
      data: Buffer.from(JSON.stringify(document)),
      attributes: { 'content-type': 'Application/CloudEvents+JSON; charset=utf-8' },
    });
    expect(theirs).toMatchObject({ id: '9', mode: 'structured' });
  });

  it('is no event without the attributes of one, whatever it claims', () => {
    const nonsense: PubSubMessage[] = [
      { data: Buffer.from('hello'), attributes: {} },
      { data: Buffer.from('hello'), attributes: { 'millrace-folded': 'true' } },
      {
        data: Buffer.from('null'),
        attributes: { 'millrace-folded': 'true', 'content-type': 'application/cloudevents+json' },
      },
      { data: Buffer.from('{"data_base64":"","id":7}'), attributes: { 'millrace-folded': 'true' } },
      { data: Buffer.alloc(0), attributes: { ...attributes, 'ce-id': '' } },
    ];
    for (const message of nonsense) expect(fromPubSubMessage(message).outcome).toBe('invalid');
  });
});
