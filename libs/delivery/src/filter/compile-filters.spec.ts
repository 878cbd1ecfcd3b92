import { CloudEvent, HTTP, type Message } from 'cloudevents';
import fc from 'fast-check';
import { readEvents } from '@millrace/cloudevents-http';
import type { EventFilter, StoredEvent } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { compileFilters } from './compile-filters.js';

function received({ headers, body }: Message): StoredEvent {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  const reading = readEvents(rawHeaders, Buffer.from((body as string | undefined) ?? ''));
  if (reading.outcome !== 'events') throw new Error(reading.message);
  return reading.events[0]!;
}

function eventWith(attributes: Readonly<Record<string, unknown>>, mode: 'binary' | 'structured' = 'binary') {
  const event = new CloudEvent({ id: '1', source: '/shop/eu', type: 'com.example.order.created', ...attributes });
  return received(HTTP[mode](event));
}

/** Whether an event passes these filters. */
function passes(event: StoredEvent, ...filters: EventFilter[]): boolean {
  return compileFilters(filters)?.(event) ?? true;
}

const order = { subject: 'orders/7', tenant: 'acme', count: 7, data: { subject: 'inner' } };

describe.each(['binary', 'structured'] as const)('an event in %s mode', (mode) => {
  const event = eventWith(order, mode);

  it.each<[string, EventFilter, boolean]>([
    ['exactly', { exact: { type: 'com.example.order.created' } }, true],
    ['exactly, case and all', { exact: { type: 'com.example.order.Created' } }, false],
    ['exactly and not the beginning', { exact: { type: 'com.example.order' } }, false],
    ['by its beginning', { prefix: { type: 'com.example.' } }, true],
    ['by its beginning, case and all', { prefix: { type: 'Com.example.' } }, false],
    ['by its end', { suffix: { type: '.created' } }, true],
    ['by its end and not its beginning', { suffix: { type: 'com.example.' } }, false],
    ['by another attribute', { suffix: { subject: '/7' } }, true],
    ['by an extension', { exact: { tenant: 'acme' } }, true],
    ['by a number, as it is written', { exact: { count: '7' } }, true],
    ['by every attribute that is named', { exact: { tenant: 'acme', subject: 'orders/7', source: '/shop/eu' } }, true],
    ['by every attribute, and one is another', { exact: { tenant: 'acme', subject: 'orders/8' } }, false],
    ['by every attribute, and one is missing', { exact: { tenant: 'acme', region: 'eu' } }, false],
    ['by an attribute that it does not have', { prefix: { region: 'e' } }, false],
    ['by one that it has not', { not: { exact: { region: 'eu' } } }, true],
    ['by nothing in its data', { exact: { data: 'inner' } }, false],
    ['by all', { all: [{ exact: { tenant: 'acme' } }, { prefix: { subject: 'orders/' } }] }, true],
    ['by all, of which one is not so', { all: [{ exact: { tenant: 'acme' } }, { prefix: { subject: 'o/' } }] }, false],
    ['by any', { any: [{ exact: { tenant: 'other' } }, { prefix: { subject: 'orders/' } }] }, true],
    ['by any, of which none is so', { any: [{ exact: { tenant: 'other' } }, { prefix: { subject: 'o/' } }] }, false],
    [
      'by what holds others',
      { not: { any: [{ exact: { tenant: 'x' } }, { not: { exact: { tenant: 'acme' } } }] } },
      true,
    ],
  ])('is told %s', (_, filter, expected) => {
    expect(passes(event, filter)).toBe(expected);
  });

  it('has to pass every filter', () => {
    expect(passes(event, { exact: { tenant: 'acme' } }, { suffix: { type: '.created' } })).toBe(true);
    expect(passes(event, { exact: { tenant: 'acme' } }, { suffix: { type: '.deleted' } })).toBe(false);
  });
});

it('is by the names of 1.0 for events of 0.1, as the sources of 2019 sent them', () => {
  const headers = ['CE-CloudEventsVersion', '"0.1"', 'CE-EventID', '"1"', 'CE-Source', '"/s"', 'CE-EventType', '"t"'];
  const reading = readEvents([...headers, 'CE-X-Tenant', '"acme"'], Buffer.alloc(0));
  const [event] = reading.outcome === 'events' ? reading.events : [];

  expect(passes(event!, { exact: { type: 't', id: '1', specversion: '0.1', tenant: 'acme' } })).toBe(true);
});

it('is nothing to do where there are no filters', () => {
  expect(compileFilters(undefined)).toBeUndefined();
  expect(compileFilters([])).toBeUndefined();
});

it('leaves out what nobody knows, where admission let it pass', () => {
  const unknown = { sql: "type = 'a'" } as EventFilter;

  expect(passes(eventWith({}), unknown)).toBe(true);
  expect(passes(eventWith({}), { ...unknown, exact: { type: 'a' } })).toBe(false);
});

/** One side of a law: filters made of three. */
type Side = (a: EventFilter, b: EventFilter, c: EventFilter) => EventFilter[];

describe('whatever the filters and the event', () => {
  const text = fc.constantFrom('a', 'b', 'ab', 'ba', 'aba');
  const attributes = fc.dictionary(fc.constantFrom('type', 'subject', 'tenant'), text, { minKeys: 1 });
  const { filter } = fc.letrec<{ filter: EventFilter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      attributes.map((exact): EventFilter => ({ exact })),
      attributes.map((prefix): EventFilter => ({ prefix })),
      attributes.map((suffix): EventFilter => ({ suffix })),
      fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((all): EventFilter => ({ all })),
      fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((any): EventFilter => ({ any })),
      tie('filter').map((not): EventFilter => ({ not })),
    ),
  }));
  const event = fc
    .record({ type: text, subject: fc.option(text), tenant: fc.option(text), isBinary: fc.boolean() })
    .map(({ type, subject, tenant, isBinary }) =>
      eventWith(
        { type, ...(subject === null ? {} : { subject }), ...(tenant === null ? {} : { tenant }) },
        isBinary ? 'binary' : 'structured',
      ),
    );

  it.each<[string, Side, Side]>([
    ['not any is all not', (a, b) => [{ not: { any: [a, b] } }], (a, b) => [{ all: [{ not: a }, { not: b }] }]],
    ['not all is any not', (a, b) => [{ not: { all: [a, b] } }], (a, b) => [{ any: [{ not: a }, { not: b }] }]],
    ['not not is nothing', (a) => [{ not: { not: a } }], (a) => [a]],
    ['several filters are all', (a, b, c) => [a, b, c], (a, b, c) => [{ all: [a, b, c] }]],
    ['all of one is that one', (a) => [{ all: [a] }], (a) => [a]],
    ['any of one is that one', (a) => [{ any: [a] }], (a) => [a]],
    ['the order counts for nothing', (a, b, c) => [{ any: [a, b] }, c], (a, b, c) => [c, { any: [b, a] }]],
    ['all of none is yes', () => [{ all: [] }], () => []],
    ['any of none is no', () => [{ any: [] }], () => [{ not: { all: [] } }]],
    [
      'any distributes over all',
      (a, b, c) => [{ any: [a, { all: [b, c] }] }],
      (a, b, c) => [{ any: [a, b] }, { any: [a, c] }],
    ],
  ])('%s', (_, left, right) => {
    fc.assert(
      fc.property(filter, filter, filter, event, (a, b, c, given) => {
        expect(passes(given, ...left(a, b, c))).toBe(passes(given, ...right(a, b, c)));
      }),
    );
  });

  it('what is equal begins and ends so, and the names of one expression are joined by and', () => {
    fc.assert(
      fc.property(attributes, event, (wanted, given) => {
        const each = Object.entries(wanted).map(([name, value]): EventFilter => ({ exact: { [name]: value } }));
        expect(passes(given, { exact: wanted })).toBe(passes(given, ...each));
        if (passes(given, { exact: wanted })) {
          expect(passes(given, { prefix: wanted }, { suffix: wanted })).toBe(true);
        }
      }),
    );
  });
});
