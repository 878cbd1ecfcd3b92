import type { StoredEvent } from '@millrace/eventing-api';
import { attributeValue } from './attribute-value.js';

/** What may be different about an event. */
export interface EventVariation {
  readonly partitionKey?: string | undefined;
  readonly body?: Buffer | undefined;
  readonly contentType?: string | undefined;
  /** Further headers, as a flat list. */
  readonly headers?: readonly string[] | undefined;
  readonly transport?: StoredEvent['transport'] | undefined;
}

const SOURCE = '/millrace/conformance';
const TYPE = 'dev.millrace.conformance';

/** A CloudEvent 1.0 as an intake reads it in binary mode. */
export function testEvent(id: string, variation: EventVariation = {}): StoredEvent {
  const { partitionKey, body, contentType, headers, transport } = variation;
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: TYPE,
    ...(partitionKey === undefined ? {} : { partitionKey }),
    headers: [
      ...['content-type', contentType ?? 'application/json'],
      ...['ce-specversion', '1.0', 'ce-id', id, 'ce-source', SOURCE, 'ce-type', TYPE],
      ...(partitionKey === undefined ? [] : ['ce-partitionkey', partitionKey]),
      ...(headers ?? []),
    ],
    body: body ?? Buffer.from(JSON.stringify({ id })),
    mode: 'binary',
    transport: transport ?? { hops: 1 },
  };
}

/** A CloudEvent 1.0 that came in as one JSON document, bytes as they were. */
export function structuredEvent(id: string): StoredEvent {
  const document = `{ "specversion" : "1.0", "id":"${id}","source":"${SOURCE}",\n"type":"${TYPE}", "data":{"n":1.0} }`;
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: TYPE,
    headers: ['content-type', 'application/cloudevents+json; charset=utf-8'],
    body: Buffer.from(document),
    mode: 'structured',
    transport: { hops: 1 },
  };
}

/** A CloudEvent 0.1, as the sources of Knative Eventing v0.4 sent it. */
export function legacyEvent(id: string): StoredEvent {
  return {
    specversion: '0.1',
    id,
    source: SOURCE,
    type: TYPE,
    headers: [
      ...['content-type', 'text/plain', 'ce-cloudeventsversion', '0.1'],
      ...['ce-eventid', id, 'ce-source', SOURCE, 'ce-eventtype', TYPE],
    ],
    body: Buffer.from('2019'),
    mode: 'binary',
    transport: { hops: 2 },
  };
}

/** Everything about an event that a store must carry, in a form that can be compared: headers of different names have no order. */
export function contentOf(event: StoredEvent): object {
  const { specversion, id, source, type, partitionKey, mode, headers, body, transport } = event;
  const pairs = headers.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${attributeValue(name, headers[index + 1] ?? '')}`] : [],
  );
  return {
    ...{ specversion, id, source, type, partitionKey, mode },
    headers: pairs.sort(),
    body: body.toString('hex'),
    hops: transport.hops,
    traceparent: transport.traceparent,
  };
}
