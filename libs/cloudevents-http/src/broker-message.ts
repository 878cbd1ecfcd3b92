import type { EventMode, EventTransport, StoredEvent } from '@millrace/eventing-api';
import type { EventFault } from './attribute-checks.js';
import { carriedHeaders, type CarriedHeaders } from './carried-headers.js';
import { ATTRIBUTE_HEADER_PREFIX, CONTENT_TYPE_HEADER, HOP_COUNT_HEADER, TRACEPARENT_HEADER } from './header-names.js';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.js';
import { readBinary, type EventReading } from './read-binary.js';
import { readEvents } from './read-events.js';

/**
 * An event as the bindings of brokers see it, whatever a broker calls its headers. A driver adds and takes off the prefix of its binding (`ce_` on Kafka, `ce-`
 * elsewhere) and encodes values as that binding asks; the rest is the same for all (docs/adr/0030).
 */
export interface BrokerMessage {
  readonly mode: EventMode;
  /**
   * Context attributes: names in lower case without a prefix, values decoded. In structured mode those that a reader needs at once, so that it need not parse
   * the document (Kafka protocol binding 1.0.2 section 3.3.2: headers may be there in structured mode, too); a foreign producer may have written none.
   */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Media type: of the data in binary mode, of the document in structured mode. */
  readonly contentType?: string | undefined;
  readonly body: Buffer;
  /** Headers that travel with the event and are no part of it: hop count, trace context, `x-request-id`, ...; names in lower case. */
  readonly carried: readonly (readonly [name: string, value: string])[];
}

/** What a message on a broker holds: an event, or why it is none. */
export type BrokerMessageReading = EventReading;

/** Takes an event apart for a broker. Hot path. */
export function toBrokerMessage(event: StoredEvent): BrokerMessage {
  const isStructured = event.mode === 'structured';
  const attributes: [string, string][] = isStructured ? documentAttributes(event) : [];
  const carried: [string, string][] = transportHeaders(event.transport);
  let contentType: string | undefined;
  for (let index = 0; index + 1 < event.headers.length; index += 2) {
    const name = event.headers[index] as string;
    const value = event.headers[index + 1] as string;
    if (name === CONTENT_TYPE_HEADER) contentType = value;
    else if (!name.startsWith(ATTRIBUTE_HEADER_PREFIX)) carried.push([name, value]);
    else if (!isStructured) attributes.push([name.slice(ATTRIBUTE_HEADER_PREFIX.length), decodeHeaderValue(value)]);
  }
  return { mode: event.mode, attributes, contentType, body: event.body, carried };
}

/** Puts an event together again, or reads one that somebody else has written. Hot path: a document is parsed only where no attributes stand beside it. */
export function fromBrokerMessage(message: BrokerMessage): BrokerMessageReading {
  const { mode, attributes, contentType, body, carried } = message;
  const raw: string[] = [];
  if (contentType !== undefined) raw.push(CONTENT_TYPE_HEADER, contentType);
  for (const [name, value] of carried) raw.push(name, value);
  if (mode === 'structured') return readBeside(message, raw) ?? readDocument(raw, body);
  for (const [name, value] of attributes) raw.push(ATTRIBUTE_HEADER_PREFIX + name, encodeHeaderValue(value));
  const read = carriedHeaders(raw);
  return read.fault ? invalid(read.fault) : readBinary(read, body, transportOf(read));
}

/** Whether a message with this media type holds its event as one document (matched without regard to case, as the bindings ask). */
export function isStructuredContentType(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.toLowerCase().startsWith('application/cloudevents');
}

function documentAttributes({ specversion, id, source, type, partitionKey }: StoredEvent): [string, string][] {
  const attributes: [string, string][] = [
    ['specversion', specversion],
    ['id', id],
    ['source', source],
    ['type', type],
  ];
  if (partitionKey !== undefined) attributes.push(['partitionkey', partitionKey]);
  return attributes;
}

function transportHeaders({ hops, traceparent }: EventTransport): [string, string][] {
  const headers: [string, string][] = [[HOP_COUNT_HEADER, String(hops)]];
  if (traceparent !== undefined) headers.push([TRACEPARENT_HEADER, traceparent]);
  return headers;
}

/** A structured event whose attributes stand beside its document; undefined where they do not. */
function readBeside({ attributes, body }: BrokerMessage, raw: readonly string[]): EventReading | undefined {
  const { specversion, id, source, type, partitionkey } = Object.fromEntries(attributes);
  if (!specversion || !id || !source || !type) return undefined;
  const read = carriedHeaders(raw);
  const { headers } = read;
  const partitionKey = partitionkey || undefined;
  const transport = transportOf(read);
  return {
    outcome: 'event',
    event: { specversion, id, source, type, partitionKey, headers, body, mode: 'structured', transport },
  };
}

function readDocument(raw: readonly string[], body: Buffer): EventReading {
  const reading = readEvents(raw, body, { hops: carriedHeaders(raw).hops });
  if (reading.outcome === 'invalid') return invalid(reading);
  const [event, ...more] = reading.events;
  if (event === undefined || more.length > 0)
    return invalid({ message: 'A message on a broker holds one event, no batch.' });
  return { outcome: 'event', event };
}

function transportOf({ hops, traceparent }: CarriedHeaders): EventTransport {
  return { hops, traceparent };
}

function invalid({ attribute, message }: EventFault): EventReading {
  return { outcome: 'invalid', fault: { attribute, message } };
}
