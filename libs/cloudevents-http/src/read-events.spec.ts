import { describe, expect, it } from 'vitest';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import fc from 'fast-check';
import { eventHeaders } from './event-headers.js';
import { readEvents, type EventsReading } from './read-events.js';

const BODY = Buffer.from('{"hello":"world"}');
const REQUIRED = ['ce-specversion', '1.0', 'ce-id', 'A1', 'ce-source', '/here', 'ce-type', 'com.example.made'];

function eventsOf(reading: EventsReading) {
  if (reading.outcome !== 'events') throw new Error(reading.message);
  return reading.events;
}

function onlyEvent(headers: readonly string[], body = BODY) {
  const [event, ...others] = eventsOf(readEvents(headers, body));
  expect(others).toEqual([]);
  return event!;
}

function faultOf(headers: readonly string[], body = BODY) {
  const reading = readEvents(headers, body);
  if (reading.outcome !== 'invalid') throw new Error('valid, though it should not be');
  return reading;
}

function structured(document: unknown, contentType = 'application/cloudevents+json') {
  return [['content-type', contentType], Buffer.from(JSON.stringify(document))] as const;
}

describe('an event in binary mode', () => {
  it('is read from its headers, and keeps them in lower case with the bytes of its body', () => {
    const event = onlyEvent([
      'Host',
      'x',
      'Content-Type',
      'application/json',
      'CE-SpecVersion',
      '1.0',
      'Ce-Id',
      'A1',
      'ce-source',
      '/here',
      'ce-type',
      't',
      'ce-subject',
      's',
      'Cookie',
      'secret',
      'Authorization',
      'secret',
    ]);
    expect(event).toMatchObject({ specversion: '1.0', id: 'A1', source: '/here', type: 't', mode: 'binary' });
    expect(event.body).toBe(BODY);
    expect(event.headers).toEqual([
      'content-type',
      'application/json',
      'ce-specversion',
      '1.0',
      'ce-id',
      'A1',
      'ce-source',
      '/here',
      'ce-type',
      't',
      'ce-subject',
      's',
    ]);
  });

  it('carries what rides along: content encoding, request id, B3, knative and tracestate headers, and no other', () => {
    const along = [
      'x-request-id',
      'r',
      'retry-after',
      '7',
      'x-b3-traceid',
      'b',
      'knative-anything',
      'k',
      'tracestate',
      'v=1',
      'content-encoding',
      'gzip',
    ];
    const event = onlyEvent([
      ...REQUIRED,
      ...along,
      'x-forwarded-for',
      '1.2.3.4',
      'transfer-encoding',
      'chunked',
      'keep-alive',
      'no',
      'te',
      'x',
      'kn-namespace',
      'n',
    ]);
    expect(event.headers).toEqual([...REQUIRED, ...along]);
  });

  it('leaves with its trace and one hop more than it came with', () => {
    const event = onlyEvent([...REQUIRED, 'traceparent', '00-aa-bb-01', 'Knative-Hop-Count', '3']);
    expect(event.transport).toEqual({ hops: 4, traceparent: '00-aa-bb-01' });
    expect(eventHeaders(event)).toEqual([...REQUIRED, 'traceparent', '00-aa-bb-01', 'knative-hop-count', '4']);
    expect(onlyEvent([...REQUIRED, 'knative-hop-count', 'many']).transport.hops).toBe(1);
  });

  it('has the hops of its context where that knows better', () => {
    const [event] = eventsOf(readEvents([...REQUIRED, 'knative-hop-count', '3'], BODY, { hops: 9 }));
    expect(event!.transport.hops).toBe(9);
  });

  it.each([
    [
      '0.1',
      [
        'CE-CloudEventsVersion',
        '0.1',
        'CE-EventID',
        'A1',
        'CE-EventType',
        't',
        'CE-Source',
        '/s',
        'CE-EventTime',
        '2019-02-12T17:31:00.123456789Z',
        'CE-X-Partitionkey',
        'p',
      ],
    ],
    [
      '0.1',
      [
        'CE-CloudEventsVersion',
        '"0.1"',
        'CE-EventID',
        '"A1"',
        'CE-EventType',
        '"t"',
        'CE-Source',
        '"/s"',
        'ce-partitionkey',
        '"p"',
      ],
    ],
    [
      '0.2',
      [
        'ce-specversion',
        '0.2',
        'ce-id',
        'A1',
        'ce-type',
        't',
        'ce-source',
        '/s',
        'ce-map-key',
        'x',
        'ce-partitionkey',
        'p',
      ],
    ],
    [
      '0.3',
      [
        'ce-specversion',
        '0.3',
        'ce-id',
        'A1',
        'ce-type',
        't',
        'ce-source',
        '/s',
        'ce-schemaurl',
        'x',
        'ce-partitionkey',
        'p',
      ],
    ],
    [
      '1.0',
      [
        'ce-specversion',
        '1.0',
        'ce-id',
        'A1',
        'ce-type',
        't',
        'ce-source',
        '/s',
        'ce-dataschema',
        'x:y',
        'ce-partitionkey',
        'p',
      ],
    ],
  ])('of version %s leaves in that version', (specversion, headers) => {
    const event = onlyEvent(headers);
    expect(event).toMatchObject({ specversion, id: 'A1', type: 't', source: '/s', partitionKey: 'p' });
    expect(event.headers).toEqual(headers.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text)));
  });

  it('may have no data, and data that is no text', () => {
    expect(onlyEvent(REQUIRED, Buffer.alloc(0)).body.length).toBe(0);
    const bytes = Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28]);
    expect(onlyEvent(REQUIRED, bytes).body).toEqual(bytes);
  });

  it('has its attributes decoded for reading and left alone for sending', () => {
    const headers = [
      'ce-specversion',
      '1.0',
      'ce-id',
      'Euro%20%E2%82%AC',
      'ce-source',
      '/100%',
      'ce-type',
      '"quoted \\" one"',
      'ce-partitionkey',
      '%F0%9F%98%80',
    ];
    const event = onlyEvent(headers);
    expect(event).toMatchObject({ id: 'Euro €', source: '/100%', type: 'quoted " one', partitionKey: '😀' });
    expect(event.headers).toEqual(headers);
  });

  it.each([
    [
      'specversion',
      'unsupported value "2.0"',
      ['ce-specversion', '2.0', 'ce-id', 'A1', 'ce-source', '/s', 'ce-type', 't'],
    ],
    ['cloudEventsVersion', 'unsupported value "1.0"', ['ce-cloudeventsversion', '1.0']],
    ['specversion', 'no CloudEvent', ['content-type', 'text/plain']],
    ['specversion', 'no CloudEvent', []],
    ['specversion', 'unsupported', ['ce-specversion', 'constructor']],
    ['id', 'missing', ['ce-specversion', '1.0', 'ce-source', '/s', 'ce-type', 't']],
    ['id', 'empty', ['ce-specversion', '1.0', 'ce-id', '', 'ce-source', '/s', 'ce-type', 't']],
    ['source', 'missing', ['ce-specversion', '1.0', 'ce-id', 'A1', 'ce-type', 't']],
    ['type', 'empty', ['ce-specversion', '1.0', 'ce-id', 'A1', 'ce-source', '/s', 'ce-type', '']],
    ['eventID', 'missing', ['ce-cloudeventsversion', '0.1', 'ce-source', '/s', 'ce-eventtype', 't']],
    ['time', 'RFC 3339', [...REQUIRED, 'ce-time', 'yesterday']],
    ['time', 'RFC 3339', [...REQUIRED, 'ce-time', '2019-02-12 17:31:00']],
    ['datacontenttype', 'media type', [...REQUIRED, 'content-type', 'json']],
    ['my_ext', 'lower-case letters and digits', [...REQUIRED, 'ce-my_ext', 'x']],
    ['my-ext', 'lower-case letters and digits', [...REQUIRED, 'ce-my-ext', 'x']],
    ['', 'lower-case letters and digits', [...REQUIRED, 'ce-', 'x']],
    ['id', 'more than once', [...REQUIRED, 'Ce-Id', 'A2']],
    ['ext', 'more than once', [...REQUIRED, 'ce-ext', 'x', 'ce-ext', 'x']],
    ['datacontenttype', 'more than once', [...REQUIRED, 'content-type', 'text/plain', 'content-type', 'text/html']],
  ])('with a bad %s is refused, naming it and saying "%s"', (attribute, part, headers) => {
    const fault = faultOf(headers);
    expect(fault.attribute).toBe(attribute);
    expect(fault.message).toContain(part);
  });

  it('may have extension names longer than recommended', () => {
    expect(onlyEvent([...REQUIRED, 'ce-averylongextensionnamethatnobodyshoulduse', 'x']).id).toBe('A1');
  });
});

describe('an event in structured mode', () => {
  const document = {
    specversion: '1.0',
    id: 'A1',
    source: '/s',
    type: 't',
    data: { a: 1 },
    partitionkey: 'p',
    answer: 42,
    yes: true,
    nothing: null,
  };

  it.each([
    'application/cloudevents+json',
    'Application/CloudEvents+JSON; charset=UTF-8',
    'application/cloudevents+json;charset="utf-8"',
  ])('as %s keeps its document byte for byte', (contentType) => {
    const [headers, body] = structured(document, contentType);
    const event = onlyEvent([...headers, 'ce-id', 'repeated', 'x-request-id', 'r'], body);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'A1',
      source: '/s',
      type: 't',
      partitionKey: 'p',
      mode: 'structured',
    });
    expect(event.headers).toEqual(['content-type', contentType, 'x-request-id', 'r']);
    expect(event.body).toBe(body);
  });

  it('of version 0.1 is read by the names of that version', () => {
    const [headers, body] = structured({
      cloudEventsVersion: '0.1',
      eventID: 'A1',
      eventType: 't',
      source: '/s',
      eventTime: '2019-02-12T17:31:00Z',
      contentType: 'application/json',
      extensions: { partitionkey: 'p' },
      data: {},
    });
    expect(onlyEvent(headers, body)).toMatchObject({ specversion: '0.1', id: 'A1', type: 't', partitionKey: 'p' });
  });

  it.each([
    [undefined, 'JSON object', [1]],
    [undefined, 'JSON object', 'text'],
    ['specversion', 'missing', { id: 'A1' }],
    ['specversion', 'unsupported', { specversion: '9', id: 'A1' }],
    ['specversion', 'must be a string', { specversion: {} }],
    ['id', 'missing', { ...document, id: undefined }],
    ['id', 'missing', { ...document, id: null }],
    ['id', 'must be a string', { ...document, id: 7 }],
    ['source', 'empty', { ...document, source: '' }],
    ['time', 'RFC 3339', { ...document, time: 1234 }],
    ['datacontenttype', 'media type', { ...document, datacontenttype: 'json' }],
    ['data_base64', 'not both', { ...document, data_base64: 'AA==' }],
    ['nested', 'string, a number or a boolean', { ...document, nested: {} }],
    ['Upper', 'lower-case', { ...document, Upper: 'x' }],
    ['eventID', 'missing', { cloudEventsVersion: '0.1', eventType: 't', source: '/s' }],
  ])('with a bad %s is refused, saying "%s"', (attribute, part, bad) => {
    const [headers, body] = structured(bad);
    const fault = faultOf(headers, body);
    expect(fault.attribute).toBe(attribute);
    expect(fault.message).toContain(part);
  });

  it('with two content types is refused', () => {
    const [headers, body] = structured(document);
    expect(faultOf([...headers, ...headers], body).message).toContain('more than once');
  });

  it('that is no JSON, no UTF-8 or in another format is refused', () => {
    const contentType = ['content-type', 'application/cloudevents+json'];
    expect(faultOf(contentType, Buffer.from('{')).message).toContain('not JSON');
    expect(faultOf(contentType, Buffer.alloc(0)).message).toContain('not JSON');
    expect(faultOf(contentType, Buffer.from([0x22, 0xff, 0x22])).message).toContain('not UTF-8');
    expect(faultOf(['content-type', 'application/cloudevents+xml']).message).toContain('not supported');
    expect(faultOf(['content-type', 'application/cloudevents+json; charset=utf-16']).message).toContain('UTF-8');
  });
});

describe('a batch', () => {
  const contentType = 'application/cloudevents-batch+json; charset=utf-8';

  it('is split into structured events that keep the bytes they had in it', () => {
    const first =
      '{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"big":12345678901234567890,"text":"]},{\\""}}';
    const second = '{ "specversion" : "0.3", "id":"2","source":"/s","type":"t","data":[[1],[{}]] }';
    const events = eventsOf(
      readEvents(
        ['content-type', contentType, 'x-request-id', 'r', 'knative-hop-count', '1'],
        Buffer.from(`[${first},${second}]`),
      ),
    );
    expect(events.map(({ body }) => body.toString())).toEqual([first, second]);
    expect(events.map(({ id, specversion, mode }) => [id, specversion, mode])).toEqual([
      ['1', '1.0', 'structured'],
      ['2', '0.3', 'structured'],
    ]);
    expect(events[0]!.headers).toEqual([
      'content-type',
      'application/cloudevents+json; charset=UTF-8',
      'x-request-id',
      'r',
    ]);
    expect(events[1]!.transport.hops).toBe(2);
  });

  it('may be empty', () => {
    expect(eventsOf(readEvents(['content-type', contentType], Buffer.from(' [ ] ')))).toEqual([]);
  });

  it('is refused whole when one of its events is bad, saying which', () => {
    const [headers, body] = structured(
      [
        { specversion: '1.0', id: '1', source: '/s', type: 't' },
        { specversion: '1.0', id: '2', source: '/s' },
      ],
      contentType,
    );
    expect(faultOf(headers, body)).toMatchObject({
      attribute: 'type',
      message: expect.stringContaining('Event 2 of the batch'),
    });
    expect(faultOf(headers, Buffer.from('{}')).message).toContain('JSON array');
  });

  it('yields each member as it was written, whatever JSON it holds', () => {
    const event = fc.record({
      specversion: fc.constant('1.0'),
      id: fc.string({ minLength: 1 }),
      source: fc.constant('/s'),
      type: fc.constant('t'),
      data: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(event), fc.nat(3), (members, indent) => {
        const body = Buffer.from(JSON.stringify(members, undefined, indent));
        const events = eventsOf(readEvents(['content-type', contentType], body));
        expect(events.map(({ body: bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(
          JSON.parse(body.toString()),
        );
      }),
    );
  });
});

describe('the cloudevents SDK', () => {
  const text = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((value) => value.trim() === value && isHeaderSafe(value));
  const ascii = fc
    .string({ minLength: 1, unit: 'grapheme-ascii' })
    .filter((value) => value.trim() === value && isHeaderSafe(value));
  const sdkEvent = fc.record({
    id: text,
    source: ascii,
    type: ascii,
    subject: ascii,
    partitionkey: ascii,
    data: fc.dictionary(fc.string(), fc.integer()),
  });

  it('is understood, in both modes', () => {
    fc.assert(
      fc.property(sdkEvent, fc.boolean(), (attributes, isBinary) => {
        const sent = new CloudEvent({ ...attributes, time: '2019-02-12T17:31:00Z' }, false);
        const message = isBinary ? HTTP.binary(sent) : HTTP.structured(sent);
        const event = onlyEvent(flat(message), Buffer.from(message.body as string));
        expect(event).toMatchObject({
          id: sent.id,
          source: sent.source,
          type: sent.type,
          partitionKey: sent['partitionkey'],
          specversion: '1.0',
        });
      }),
    );
  });

  it('understands what is sent on', () => {
    fc.assert(
      fc.property(sdkEvent, fc.boolean(), (attributes, isBinary) => {
        const sent = new CloudEvent({ ...attributes, time: '2019-02-12T17:31:00Z' }, false);
        const message = isBinary ? HTTP.binary(sent) : HTTP.structured(sent);
        const event = onlyEvent(flat(message), Buffer.from(message.body as string));
        const received = HTTP.toEvent({
          headers: unflat(eventHeaders(event)),
          body: event.body.toString(),
        }) as CloudEvent;
        expect(received.toJSON()).toEqual((HTTP.toEvent(message) as CloudEvent).toJSON());
      }),
    );
  });

  it('agrees on what version 0.3 is', () => {
    const sent = new CloudEvent({
      specversion: '0.3',
      id: 'A1',
      source: '/s',
      type: 't',
      schemaurl: 'http://x/y',
      data: { a: 1 },
    });
    for (const message of [HTTP.binary(sent), HTTP.structured(sent)]) {
      const event = onlyEvent(flat(message), Buffer.from(message.body as string));
      expect(event).toMatchObject({ specversion: '0.3', id: 'A1', source: '/s', type: 't' });
    }
  });
});

/** Sent as bytes of UTF-8, as a header is; no control characters. */
function isHeaderSafe(value: string): boolean {
  // eslint-disable-next-line no-control-regex
  return value !== '' && !/[\u0000-\u001f\u007f]/.test(value) && !value.includes('%') && !value.includes('"');
}

function flat({ headers }: Message): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [name, Buffer.from(String(value)).toString('latin1')]);
}

function unflat(headers: readonly string[]): Record<string, string> {
  const entries = headers.map(
    (name, index) => [name, Buffer.from(headers[index + 1] ?? '', 'latin1').toString()] as const,
  );
  return Object.fromEntries(entries.filter((_, index) => index % 2 === 0));
}
