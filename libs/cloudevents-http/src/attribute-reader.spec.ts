import { CloudEvent, HTTP, type Message } from 'cloudevents';
import fc from 'fast-check';
import type { StoredEvent } from '@millrace/eventing-api';
import { describe, expect, it, vi } from 'vitest';
import { attributeReader } from './attribute-reader.js';
import { readEvents } from './read-events.js';

function eventOf(headers: readonly string[], body: Buffer | string = ''): StoredEvent {
  const reading = readEvents(headers, Buffer.from(body));
  if (reading.outcome !== 'events') throw new Error(reading.message);
  return reading.events[0]!;
}

function documentEvent(document: object): StoredEvent {
  return eventOf(['content-type', 'application/cloudevents+json'], JSON.stringify(document));
}

/** As an intake gets what the SDK would send. */
function received({ headers, body }: Message): StoredEvent {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  return eventOf(rawHeaders, body as string);
}

/** The attributes of an event, of those that are asked for. */
function attributesOf(event: StoredEvent, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, attributeReader(name)(event)]));
}

const NAMES = [
  'id',
  'source',
  'type',
  'specversion',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
  'partitionkey',
  'tenant',
  'missing',
];

/** What every version and mode below says. */
const ATTRIBUTES = {
  id: 'A1',
  source: '/shop',
  type: 'com.example.order.created',
  subject: undefined,
  time: '2026-01-31T12:00:00Z',
  datacontenttype: 'application/json',
  dataschema: 'https://example.com/order',
  partitionkey: 'customer-7',
  tenant: 'acme',
  missing: undefined,
};

const BINARY_0_1 = {
  'content-type': 'application/json',
  'CE-CloudEventsVersion': '"0.1"',
  'CE-EventID': '"A1"',
  'CE-Source': '"/shop"',
  'CE-EventType': '"com.example.order.created"',
  'CE-EventTime': '"2026-01-31T12:00:00Z"',
  'CE-SchemaURL': '"https://example.com/order"',
  'CE-X-PartitionKey': '"customer-7"',
  'CE-X-Tenant': '"acme"',
};
const DOCUMENT_0_1 = {
  cloudEventsVersion: '0.1',
  eventID: 'A1',
  source: '/shop',
  eventType: 'com.example.order.created',
  eventTime: '2026-01-31T12:00:00Z',
  contentType: 'application/json',
  schemaURL: 'https://example.com/order',
  extensions: { partitionkey: 'customer-7', Tenant: 'acme' },
  data: {},
};
const DOCUMENT_0_2 = {
  specversion: '0.2',
  id: 'A1',
  source: '/shop',
  type: 'com.example.order.created',
  time: '2026-01-31T12:00:00Z',
  contenttype: 'application/json',
  schemaurl: 'https://example.com/order',
  partitionkey: 'customer-7',
  tenant: 'acme',
  data: {},
};
const { contenttype, ...REST_0_2 } = DOCUMENT_0_2;
const DOCUMENT_0_3 = { ...REST_0_2, specversion: '0.3', datacontenttype: contenttype };
const { schemaurl, ...REST_0_3 } = DOCUMENT_0_3;
const DOCUMENT_1_0 = { ...REST_0_3, specversion: '1.0', dataschema: schemaurl };

/** The document as headers, the way of 0.2 and later. */
function binary({ data: _data, ...attributes }: Readonly<Record<string, unknown>>): StoredEvent {
  const headers = Object.entries(attributes).flatMap(([name, value]) => [
    name === 'datacontenttype' || name === 'contenttype' ? 'Content-Type' : `ce-${name}`,
    String(value),
  ]);
  return eventOf(headers, '{}');
}

describe('an attribute, by its name in CloudEvents 1.0', () => {
  it.each<[string, StoredEvent]>([
    ['0.1', eventOf(Object.entries(BINARY_0_1).flat(), '{}')],
    ['0.1', documentEvent(DOCUMENT_0_1)],
    ['0.2', binary(DOCUMENT_0_2)],
    ['0.2', documentEvent(DOCUMENT_0_2)],
    ['0.3', binary(DOCUMENT_0_3)],
    ['0.3', documentEvent(DOCUMENT_0_3)],
    ['1.0', binary(DOCUMENT_1_0)],
    ['1.0', documentEvent(DOCUMENT_1_0)],
  ])('is read of an event of version %s, %#', (specversion, event) => {
    expect(attributesOf(event, NAMES)).toEqual({ ...ATTRIBUTES, specversion });
  });

  it('is read of what the SDK sends, the same in both modes', () => {
    const event = new CloudEvent({
      ...{ id: 'A1', source: '/shop', type: 'com.example.order.created', subject: 'order/7', tenant: 'acme' },
      ...{ time: '2026-01-31T12:00:00.000Z', count: 7, urgent: true, data: { tenant: 'other', n: 1 } },
    });
    const names = [...NAMES, 'count', 'urgent', 'data', 'n'];
    const expected = {
      ...{ id: 'A1', source: '/shop', type: 'com.example.order.created', specversion: '1.0', subject: 'order/7' },
      ...{ time: '2026-01-31T12:00:00.000Z', tenant: 'acme', count: '7', urgent: 'true' },
    };

    expect(attributesOf(received(HTTP.binary(event)), names)).toMatchObject(expected);
    expect(attributesOf(received(HTTP.structured(event)), names)).toMatchObject(expected);
    expect(attributeReader('data')(received(HTTP.structured(event)))).toBeUndefined();
    expect(attributeReader('n')(received(HTTP.structured(event)))).toBeUndefined();
  });

  it('is decoded where it came as a header, content type apart', () => {
    const event = eventOf([
      ...['ce-specversion', '1.0', 'ce-id', '1', 'ce-source', '/s', 'ce-type', 't'],
      ...['ce-subject', 'Euro%20%E2%82%AC%20%F0%9F%98%80', 'content-type', 'text/plain; charset="utf-8%20"'],
    ]);

    expect(attributesOf(event, ['subject', 'datacontenttype'])).toEqual({
      subject: 'Euro € 😀',
      datacontenttype: 'text/plain; charset="utf-8%20"',
    });
  });

  it('is the same whether it came as a header or in a document, whatever it says', () => {
    const required = { specversion: '1.0', id: '1', source: '/s', type: 't' };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (subject) => {
        fc.pre(subject.isWellFormed());
        const inHeader = eventOf([
          ...Object.entries(required).flatMap(([name, value]) => [`ce-${name}`, value]),
          ...['ce-subject', encodeURIComponent(subject)],
        ]);
        const read = attributeReader('subject');
        expect(read(inHeader)).toBe(subject);
        expect(read(documentEvent({ ...required, subject }))).toBe(subject);
      }),
    );
  });

  it.each([null, { a: 1 }, ['a']])('is none where a document says %j', (value) => {
    const event = documentEvent({ ...REST_0_3, subject: value, dataschema: undefined });

    expect(attributeReader('subject')(event)).toBeUndefined();
  });

  it('is none where there is a member of every object by that name', () => {
    const event = documentEvent(DOCUMENT_1_0);

    expect(attributesOf(event, ['constructor', 'tostring', 'hasownproperty'])).toEqual({});
    expect(attributeReader('toString')(event)).toBeUndefined();
  });

  it('is none of a document that is none', () => {
    const event: StoredEvent = { ...documentEvent(DOCUMENT_1_0), body: Buffer.from('{"subject":') };

    expect(attributesOf(event, ['subject', 'type'])).toEqual({ type: 'com.example.order.created' });
  });

  it('costs one parse of a document, however many ask, and none where the event knows the answer', () => {
    const event = documentEvent(DOCUMENT_1_0);
    const parse = vi.spyOn(JSON, 'parse');
    try {
      attributesOf(event, ['id', 'source', 'type', 'specversion', 'partitionkey']);
      expect(parse).not.toHaveBeenCalled();
      attributesOf(event, NAMES);
      attributesOf(event, NAMES);
      expect(parse).toHaveBeenCalledTimes(1);
    } finally {
      parse.mockRestore();
    }
  });
});
