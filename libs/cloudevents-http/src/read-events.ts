import type { EventTransport, StoredEvent } from '@millrace/eventing-api';
import type { EventFault } from './attribute-checks.js';
import { carriedHeaders, type CarriedHeaders } from './carried-headers.js';
import { ATTRIBUTE_HEADER_PREFIX, CONTENT_ENCODING_HEADER, CONTENT_TYPE_HEADER } from './header-names.js';
import { readBinary, type EventReading } from './read-binary.js';
import { readJson, readStructured } from './read-structured.js';
import { splitJson } from './split-json.js';

/** What the sender of a message is known to have passed through, where that is not to be read from its headers. */
export interface ReadContext {
  /** Takes the place of the header `Knative-Hop-Count` plus one: a reply has as many hops as the event that it answers. */
  readonly hops: number;
}

/** The events of one HTTP message, or why it has none. A batch may be empty. */
export type EventsReading =
  { readonly outcome: 'events'; readonly events: StoredEvent[] } | ({ readonly outcome: 'invalid' } & EventFault);

/**
 * Reads the CloudEvents of an HTTP request or response: binary, structured (`application/cloudevents+json`) or batched
 * (`application/cloudevents-batch+json`), versions 0.1 to 1.0 (CloudEvents HTTP binding 1.0.2 section 3). Attributes are read and checked once, the
 * bytes of the body stay as they are; the members of a batch become structured events, each with its own bytes of the batch.
 *
 * @param rawHeaders flat list as `IncomingMessage.rawHeaders` has it
 */
export function readEvents(rawHeaders: readonly string[], body: Buffer, context?: ReadContext): EventsReading {
  const carried = carriedHeaders(rawHeaders);
  if (carried.fault) return { outcome: 'invalid', ...carried.fault };
  const transport: EventTransport = { hops: context?.hops ?? carried.hops + 1, traceparent: carried.traceparent };
  switch (formatOf(carried.contentType)) {
    case 'none':
      return asEvents(readBinary(carried, body, transport));
    case 'json':
      return readDocument(carried, body, transport);
    case 'json-batch':
      return readBatch(carried, body, transport);
    case 'unsupported':
      return {
        outcome: 'invalid',
        message: `The event format "${carried.contentType ?? ''}" is not supported; use application/cloudevents+json or application/cloudevents-batch+json in UTF-8, or binary mode.`,
      };
  }
}

/**
 * Whether the headers of a message say that it holds CloudEvents, valid or not.
 *
 * @param rawHeaders flat list as `IncomingMessage.rawHeaders` has it
 */
export function claimsEvents(rawHeaders: readonly string[]): boolean {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (name === 'ce-specversion' || name === 'ce-cloudeventsversion') return true;
    if (name === CONTENT_TYPE_HEADER && formatOf(rawHeaders[index + 1]) !== 'none') return true;
  }
  return false;
}

type EventFormat = 'none' | 'json' | 'json-batch' | 'unsupported';

/** Binary mode is every media type that does not begin with `application/cloudevents` (CloudEvents HTTP binding 1.0.2 section 3). */
function formatOf(contentType: string | undefined): EventFormat {
  if (contentType === undefined || contentType.length < 22 || !/^application\/cloudevents/i.test(contentType)) {
    return 'none';
  }
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!parameters.every(isReadableCharset)) return 'unsupported';
  if (mediaType.trim() === 'application/cloudevents+json') return 'json';
  return mediaType.trim() === 'application/cloudevents-batch+json' ? 'json-batch' : 'unsupported';
}

function isReadableCharset(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() !== 'charset' || /^"?(?:utf-?8|us-ascii)"?$/.test(value.trim());
}

function readDocument(carried: CarriedHeaders, body: Buffer, transport: EventTransport): EventsReading {
  const fault = encodingFault(carried);
  if (fault) return { outcome: 'invalid', ...fault };
  const reading = readJson(body);
  if (reading.outcome === 'invalid') return { outcome: 'invalid', ...reading.fault };
  return asEvents(readStructured(reading.value, structuredHeaders(carried), body, transport));
}

function readBatch(carried: CarriedHeaders, body: Buffer, transport: EventTransport): EventsReading {
  const fault = encodingFault(carried);
  if (fault) return { outcome: 'invalid', ...fault };
  const reading = readJson(body);
  if (reading.outcome === 'invalid') return { outcome: 'invalid', ...reading.fault };
  const members = reading.value;
  if (!Array.isArray(members)) {
    return { outcome: 'invalid', message: 'A batch of CloudEvents must be a JSON array.' };
  }
  if (members.length === 0) return { outcome: 'events', events: [] };
  const headers = [
    CONTENT_TYPE_HEADER,
    'application/cloudevents+json; charset=UTF-8',
    ...withoutHeader(structuredHeaders(carried), CONTENT_TYPE_HEADER),
  ];
  const events: StoredEvent[] = [];
  for (const [index, bytes] of splitJson(body).entries()) {
    const member = readStructured(members[index], headers, bytes, transport);
    if (member.outcome === 'invalid') {
      const { attribute, message } = member.fault;
      return { outcome: 'invalid', attribute, message: `Event ${index + 1} of the batch: ${message}` };
    }
    events.push(member.event);
  }
  return { outcome: 'events', events };
}

/** In binary mode compressed data go through as they are; a document has to be read. */
function encodingFault({ headers }: CarriedHeaders): EventFault | undefined {
  const at = headers.indexOf(CONTENT_ENCODING_HEADER);
  const encoding = at < 0 ? 'identity' : (headers[at + 1] as string);
  if (encoding.trim().toLowerCase() === 'identity') return undefined;
  return {
    message: `The content-encoding "${encoding}" is not supported for structured events; send them as they are, or use binary mode.`,
  };
}

function asEvents(reading: EventReading): EventsReading {
  return reading.outcome === 'event'
    ? { outcome: 'events', events: [reading.event] }
    : { outcome: 'invalid', ...reading.fault };
}

/** The document alone tells the attributes; headers that repeat some of them are left behind. */
function structuredHeaders(carried: CarriedHeaders): string[] {
  return carried.headers.filter((_, index, all) => !all[index & ~1]?.startsWith(ATTRIBUTE_HEADER_PREFIX));
}

function withoutHeader(headers: readonly string[], name: string): string[] {
  return headers.filter((_, index) => headers[index & ~1] !== name);
}
