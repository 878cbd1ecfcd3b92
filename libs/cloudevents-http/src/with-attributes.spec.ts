import { CloudEvent, HTTP, type Message } from 'cloudevents';
import fc from 'fast-check';
import type { StoredEvent } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { attributeReader } from './attribute-reader.js';
import { eventHeaders } from './event-headers.js';
import { readEvents } from './read-events.js';
import { withAttributes, type AttributeValues } from './with-attributes.js';

const ANNOTATIONS = { knativeerrordest: 'http://consumer/', knativeerrorcode: 503, knativeerrordata: 'bm8=' };

function eventOf(headers: readonly string[], body: Buffer | string = ''): StoredEvent {
  const reading = readEvents(headers, Buffer.from(body));
  if (reading.outcome !== 'events') throw new Error(reading.message);
  return reading.events[0]!;
}

/** As an intake gets what the SDK would send. */
function received({ headers, body }: Message): StoredEvent {
  return eventOf(
    Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
    body as string,
  );
}

/** What the SDK reads of the event as it would leave. */
function readBySdk(event: StoredEvent): Record<string, unknown> {
  const flat = eventHeaders(event);
  const headers = Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_, pair) => [flat[2 * pair]!, flat[2 * pair + 1]!]),
  );
  return { ...(HTTP.toEvent({ headers, body: event.body.toString() }) as CloudEvent<unknown>).toJSON() };
}

function structured(document: string, extraHeaders: readonly string[] = []): StoredEvent {
  return eventOf(['content-type', 'application/cloudevents+json', ...extraHeaders], document);
}

/** The document of an event after these attributes have been set. */
function documentWith(document: string, attributes: AttributeValues = ANNOTATIONS): string {
  return withAttributes(structured(document), attributes).body.toString();
}

describe.each([
  ['binary', HTTP.binary],
  ['structured', HTTP.structured],
])('attributes set on an event in %s mode', (_, encode) => {
  const original = new CloudEvent({
    id: 'A1',
    source: '/s',
    type: 't',
    subject: 'ümläut "quoted" 100%',
    datacontenttype: 'application/json',
    data: { hello: 'wörld', big: 12345678901234 },
    tenant: 'a',
    knativeerrordest: 'http://before/',
    knativeerrorcode: 1,
  });

  it('are read by the SDK, with everything that the event had before', () => {
    const event = received(encode(original));
    const annotated = readBySdk(withAttributes(event, ANNOTATIONS));
    const before = readBySdk(event);
    expect(annotated).toEqual({ ...before, ...ANNOTATIONS, knativeerrorcode: expect.anything() as unknown });
    expect(String(annotated['knativeerrorcode'])).toBe('503');
  });

  it('are taken away where they are undefined', () => {
    const event = withAttributes(received(encode(original)), { knativeerrorcode: undefined, other: undefined });
    expect(readBySdk(event)).not.toHaveProperty('knativeerrorcode');
    expect(readBySdk(event)).toMatchObject({ knativeerrordest: 'http://before/', tenant: 'a' });
  });

  it('leave the event itself as it was', () => {
    const event = received(encode(original));
    const [headers, body] = [[...event.headers], Buffer.from(event.body)];
    withAttributes(event, ANNOTATIONS);
    expect(event.headers).toEqual(headers);
    expect(event.body).toEqual(body);
  });

  it('can be set again and again, and stand there once', () => {
    let event = received(encode(original));
    for (const knativeerrorcode of [500, 501, 502]) event = withAttributes(event, { ...ANNOTATIONS, knativeerrorcode });
    const text = [...event.headers, event.body.toString()].join('\n');
    expect(text.match(/knativeerrorcode/g)).toHaveLength(1);
    expect(attributeReader('knativeerrorcode')(event)).toBe('502');
  });
});

describe('an attribute in binary mode', () => {
  it('is encoded, whatever characters it has', () => {
    const headers = ['ce-specversion', '1.0', 'ce-id', 'A', 'ce-source', '/s', 'ce-type', 't'];
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const event = withAttributes(eventOf(headers), { note: text });
        expect(event.headers.at(-1)).toMatch(/^[!-~]*$/);
        expect(attributeReader('note')(event)).toBe(text);
      }),
    );
  });

  it('is written as CloudEvents 0.1 writes extensions in an event of that version', () => {
    const event = eventOf(['ce-cloudeventsversion', '0.1', 'ce-eventid', 'A', 'ce-source', '/s', 'ce-eventtype', 't']);
    expect(withAttributes(event, { note: 'x' }).headers.slice(-2)).toEqual(['ce-x-note', 'x']);
  });
});

describe('an attribute in a structured document', () => {
  const REQUIRED = '"specversion":"1.0","id":"A","source":"/s","type":"t"';
  const ADDED = '"knativeerrordest":"http://consumer/","knativeerrorcode":503,"knativeerrordata":"bm8="';

  it('leaves every other byte of it alone', () => {
    const rest = `\n  ${REQUIRED}, "data" : {"x":1.0, "n":123456789012345678901234567890, "knativeerrorcode":7, "s":"},{\\"\\\\"}\n`;
    expect(documentWith(`  {${rest}}`)).toBe(`{${rest},${ADDED}}`);
  });

  it.each([
    ['first', `{"knativeerrorcode":1,${REQUIRED}}`],
    ['last', `{${REQUIRED} , "knativeerrorcode" : [{"a":"}"}] }`],
    ['twice', `{"knativeerrorcode":1,${REQUIRED},"knativeerrorcode":2}`],
    ['with an escaped name', `{${REQUIRED},"knative\\u0065rrorcode":1}`],
  ])('replaces an older one that stands there %s', (_, document) => {
    // CloudEvents 0.3 allows structured values, so that any older value can have come in.
    expect(documentWith(document.replace('1.0', '0.3'))).toBe(
      `{${REQUIRED.replace('1.0', '0.3')}${document.includes(' , ') ? ' ' : ''},${ADDED}}`,
    );
  });

  it('goes among the extensions of an event of CloudEvents 0.1', () => {
    const event = '"cloudEventsVersion":"0.1","eventID":"A","source":"/s","eventType":"t"';
    expect(documentWith(`{${event},"extensions":{"a":1,"note":2},"data":3}`, { note: 'x' })).toBe(
      `{${event},"extensions":{"a":1,"note":"x"},"data":3}`,
    );
    expect(documentWith(`{${event},"extensions":{ }}`, { note: 'x' })).toBe(`{${event},"extensions":{"note":"x"}}`);
    expect(documentWith(`{${event}}`, { note: 'x' })).toBe(`{${event},"note":"x"}`);
  });

  it('survives what JSON allows', () => {
    const document = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(document, fc.string(), (members, note) => {
        const event = structured('{"specversion":"1.0","id":"A","source":"/s","type":"t"}');
        const annotated = withAttributes({ ...event, body: Buffer.from(JSON.stringify(members)) }, { note });
        const expected = { ...(JSON.parse(JSON.stringify(members)) as object), note };
        expect(JSON.parse(annotated.body.toString())).toEqual(expected);
      }),
    );
  });
});

it('goes beside a document that is none, whatever its bytes are', () => {
  const event = structured('{"specversion":"1.0","id":"A","source":"/s","type":"t"}');
  for (const text of ['', '{', 'null', '[1]', '"{"', '{"a":1}}', '\ufeff{}']) {
    const odd = withAttributes({ ...event, body: Buffer.from(text) }, ANNOTATIONS);
    expect(odd.body.toString()).toBe(text);
    expect(odd.headers).toContain('ce-knativeerrorcode');
  }
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.constantFrom('0.1', '0.2', '0.3', '1.0'),
      fc.constantFrom('binary', 'structured'),
      (bytes, specversion, mode) => {
        const odd = { ...event, body: Buffer.from(bytes), specversion, mode } as const;
        expect(withAttributes(odd, ANNOTATIONS).id).toBe('A');
      },
    ),
  );
});
