import type { StoredEvent } from '@millrace/eventing-api';
import { headers, MsgHdrsImpl } from 'nats';
import { describe, expect, it } from 'vitest';
import { eventBytes, fromMessage, toHeaders } from './message-mapping.js';

const BODY = Buffer.from('{"n":1}');
const EVENT: StoredEvent = {
  specversion: '1.0',
  id: '1',
  source: '/me',
  type: 'order',
  partitionKey: 'k',
  headers: [
    ...['content-type', 'text/plain; charset=utf-8', 'ce-specversion', '1.0', 'ce-id', '1', 'ce-source', '/me'],
    ...['ce-type', 'order', 'ce-subject', 'Gr%C3%BC%C3%9Fe', 'ce-partitionkey', 'k', 'x-request-id', 'r'],
  ],
  body: BODY,
  mode: 'binary',
  transport: { hops: 3, traceparent: '00-1-2-01' },
};

function read(entries: Record<string, string>, body = BODY) {
  const message = headers();
  for (const [name, value] of Object.entries(entries)) message.append(name, value);
  return fromMessage(message, body);
}

describe('an event on NATS', () => {
  it('has its attributes in headers ce-…, percent-encoded, the media type of its data among them', () => {
    const message = toHeaders(EVENT, 'message-1');
    expect(Object.fromEntries([...message].map(([name, values]) => [name, values.join()]))).toEqual({
      'Nats-Msg-Id': 'message-1',
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/me',
      'ce-type': 'order',
      'ce-subject': 'Gr%C3%BC%C3%9Fe',
      'ce-partitionkey': 'k',
      'ce-datacontenttype': 'text/plain;%20charset=utf-8',
      'knative-hop-count': '3',
      traceparent: '00-1-2-01',
      'x-request-id': 'r',
    });
  });

  it('comes back as it was, over the wire', () => {
    const wire = MsgHdrsImpl.decode((toHeaders(EVENT, 'message-1') as MsgHdrsImpl).encode());
    const reading = fromMessage(wire, EVENT.body);
    const { headers: _, ...rest } = EVENT;
    expect(reading).toMatchObject({ outcome: 'event', event: rest });
  });

  it('holds no more memory than it needs, though it came in a large read', () => {
    const chunk = Buffer.alloc(64 * 1024);
    const reading = fromMessage(toHeaders(EVENT, '1'), chunk.subarray(100, 200));
    expect(reading.outcome).toBe('event');
    expect(reading.outcome === 'event' && reading.event.body.buffer).not.toBe(chunk.buffer);
  });

  it('counts body and headers as its size', () => {
    expect(eventBytes({ ...EVENT, headers: ['ce-id', '1'] })).toBe(BODY.length + 6);
  });
});

describe('a message of a foreign producer', () => {
  const CE = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/me', 'ce-type': 'order' };

  it('may write header names in any case', () => {
    const upper = Object.fromEntries(Object.entries(CE).map(([name, value]) => [name.toUpperCase(), value]));
    expect(read(upper)).toMatchObject({ outcome: 'event', event: { id: '1', type: 'order' } });
  });

  it.each(['Gr%c3%bc%C3%9Fe', '"Gr\\üße"', 'Grüße'])('may encode a value as %s', (subject) => {
    const reading = read({ ...CE, 'ce-subject': subject });
    const event = reading.outcome === 'event' ? reading.event : undefined;
    expect(event?.headers).toEqual(expect.arrayContaining(['ce-subject', 'Gr%C3%BC%C3%9Fe']));
  });

  it('may be one document, with or without saying so', () => {
    const document = Buffer.from(JSON.stringify({ specversion: '1.0', id: '7', source: '/', type: 't', data: 1 }));
    const expected = { outcome: 'event', event: { id: '7', mode: 'structured' } };
    expect(read({ 'Content-Type': 'application/CloudEvents+json; charset=utf-8' }, document)).toMatchObject(expected);
    expect(fromMessage(undefined, document)).toMatchObject(expected);
  });

  it.each([
    ['no headers and no JSON', {}, 'hello'],
    ['half the attributes', { 'ce-specversion': '1.0' }, '{}'],
    ['JSON that is no event', {}, '{"a":1}'],
  ])('is no event with %s', (_, entries, body) => {
    expect(read(entries, Buffer.from(body)).outcome).toBe('invalid');
  });
});
