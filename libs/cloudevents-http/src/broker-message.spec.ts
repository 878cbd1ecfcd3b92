import type { StoredEvent } from '@millrace/eventing-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBrokerMessage, isStructuredContentType, toBrokerMessage } from './broker-message.js';
import { readEvents } from './read-events.js';

function received(headers: readonly string[], body = '{}'): StoredEvent {
  const reading = readEvents(headers, Buffer.from(body));
  if (reading.outcome === 'invalid' || reading.events.length !== 1) throw new Error('expected one event');
  return reading.events[0]!;
}

function throughBroker(event: StoredEvent): StoredEvent {
  const reading = fromBrokerMessage(toBrokerMessage(event));
  if (reading.outcome === 'invalid') throw new Error(reading.fault.message);
  return reading.event;
}

const BINARY = [
  'ce-specversion',
  '1.0',
  'ce-id',
  '1',
  'ce-source',
  '/me',
  'ce-type',
  'order',
  'content-type',
  'text/plain',
];
const JSON_HEADERS = ['content-type', 'application/cloudevents+json'];
const DOCUMENT = '{"specversion":"1.0","id":"1","source":"/me","type":"order","partitionkey":"k"}';

describe('an event that goes through a broker', () => {
  it('comes back as it was: attributes, data, media type, hop count, trace context and what is passed on', () => {
    const event = received([
      ...BINARY,
      ...[
        'ce-partitionkey',
        'k',
        'traceparent',
        '00-1-2-01',
        'knative-hop-count',
        '3',
        'x-request-id',
        'r',
        'content-encoding',
        'gzip',
      ],
    ]);
    const back = throughBroker(event);
    expect(back).toMatchObject({ ...event, headers: expect.anything() as string[] });
    expect(pairs(back.headers)).toEqual(pairs(event.headers));
  });

  it('has decoded attribute values on the broker and encoded ones in HTTP', () => {
    const event = received([...BINARY, 'ce-subject', 'Gr%C3%BC%C3%9Fe%20an%20alle']);
    expect(toBrokerMessage(event).attributes).toContainEqual(['subject', 'Grüße an alle']);
    expect(pairs(throughBroker(event).headers)).toContainEqual(['ce-subject', 'Gr%C3%BC%C3%9Fe%20an%20alle']);
  });

  it('keeps any attribute value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
        const message = toBrokerMessage(received(BINARY));
        const reading = fromBrokerMessage({ ...message, attributes: [...message.attributes, ['subject', value]] });
        if (reading.outcome === 'invalid') throw new Error(reading.fault.message);
        const { attributes } = toBrokerMessage(reading.event);
        expect(attributes.find(([name]) => name === 'subject')?.[1]).toBe(Buffer.from(value).toString());
      }),
    );
  });

  it.each(['0.2', '0.3', '1.0'])('keeps its version %s', (specversion) => {
    expect(throughBroker(received([...BINARY.slice(2), 'ce-specversion', specversion]))).toMatchObject({ specversion });
  });

  it('keeps CloudEvents 0.1 with its names', () => {
    const old = ['ce-cloudeventsversion', '0.1', 'ce-eventid', '1', 'ce-source', '/me', 'ce-eventtype', 'order'];
    expect(throughBroker(received(old))).toMatchObject({ specversion: '0.1', id: '1', type: 'order' });
  });

  it('stays one document where it came as one, byte for byte', () => {
    const event = received(JSON_HEADERS, DOCUMENT);
    expect(throughBroker(event)).toEqual(event);
  });
});

describe('a message of a foreign producer', () => {
  const foreign = { body: Buffer.from(DOCUMENT), contentType: 'Application/CloudEvents+JSON; charset=utf-8' };

  it('is read from its document where no attributes stand beside it', () => {
    const reading = fromBrokerMessage({ ...foreign, mode: 'structured', attributes: [], carried: [] });
    expect(reading).toMatchObject({ outcome: 'event', event: { id: '1', partitionKey: 'k', transport: { hops: 0 } } });
  });

  it.each([
    ['no attributes at all', { mode: 'binary', attributes: [] }, 'no CloudEvent'],
    [
      'no type',
      {
        mode: 'binary',
        attributes: [
          ['specversion', '1.0'],
          ['id', '1'],
          ['source', '/'],
        ],
      },
      '"type" is missing',
    ],
    [
      'a format that we do not know',
      { mode: 'structured', attributes: [], contentType: 'application/cloudevents+avro' },
      'avro',
    ],
    [
      'a batch',
      {
        mode: 'structured',
        attributes: [],
        contentType: 'application/cloudevents-batch+json',
        body: Buffer.from('[]'),
      },
      'no batch',
    ],
  ] as const)('is told to be none with %s', (_, message, fault) => {
    const reading = fromBrokerMessage({ ...foreign, carried: [], ...message });
    expect(reading).toMatchObject({ outcome: 'invalid', fault: { message: expect.stringContaining(fault) as string } });
  });

  it('is structured by its media type, in any case', () => {
    expect(isStructuredContentType('APPLICATION/cloudevents+json')).toBe(true);
    expect(isStructuredContentType('application/json')).toBe(false);
    expect(isStructuredContentType(undefined)).toBe(false);
  });
});

/** Headers as sorted pairs: their order means nothing. */
function pairs(headers: readonly string[]): (readonly [string, string])[] {
  const all = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]!] as const] : []));
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}
