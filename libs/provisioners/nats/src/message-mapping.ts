import {
  decodeHeaderValue,
  encodeHeaderValue,
  fromBrokerMessage,
  isStructuredContentType,
  toBrokerMessage,
  type BrokerMessageReading,
} from '@millrace/cloudevents-http';
import type { StoredEvent } from '@millrace/eventing-api';
import { MsgHdrsImpl, type MsgHdrs } from 'nats';

/**
 * CloudEvents on NATS as the NATS protocol binding 1.0.2 has them: attributes in headers `ce-<name>`, percent-encoded, `datacontenttype` among them; or one document,
 * told by the header `content-type`.
 */

const ATTRIBUTE_PREFIX = 'ce-';
const DATA_CONTENT_TYPE = 'datacontenttype';
const CONTENT_TYPE = 'content-type';
const JSON_EVENT = 'application/cloudevents+json';
/** Header by which JetStream knows a message that is sent again. */
const MESSAGE_ID = 'Nats-Msg-Id';
/** Kept of the server's limit for what a header block adds to names and values, and for what percent-encoding adds. */
const HEADER_RESERVE_BYTES = 16 * 1024;

/** The largest event that fits a message of this size. */
export function maxEventBytesOf(maxPayloadBytes: number): number {
  return Math.max(0, maxPayloadBytes - HEADER_RESERVE_BYTES);
}

/** Bytes of an event: its body and what leaves with it. */
export function eventBytes({ headers, body }: StoredEvent): number {
  let bytes = body.length;
  for (const text of headers) bytes += text.length;
  return bytes;
}

/** The headers of an event on NATS; its body goes as it is. Hot path. */
export function toHeaders(event: StoredEvent, messageId: string): MsgHdrs {
  const { mode, attributes, contentType, carried } = toBrokerMessage(event);
  // As one record: building it header by header costs the client a walk over all former ones for each.
  const record: Record<string, string[]> = { [MESSAGE_ID]: [messageId] };
  for (const [name, value] of attributes) record[ATTRIBUTE_PREFIX + name] = [encodeHeaderValue(value)];
  if (contentType !== undefined) {
    if (mode === 'structured') record[CONTENT_TYPE] = [contentType];
    else record[ATTRIBUTE_PREFIX + DATA_CONTENT_TYPE] = [encodeHeaderValue(contentType)];
  }
  for (const [name, value] of carried) record[name] = [value];
  return MsgHdrsImpl.fromRecord(record);
}

/** Reads a message, ours or a foreign producer's, whose header names may have any case. A message without any headers is read as a document, as before NATS 2.2. */
export function fromMessage(headers: MsgHdrs | undefined, data: Uint8Array): BrokerMessageReading {
  const attributes: [string, string][] = [];
  const carried: [string, string][] = [];
  let contentType: string | undefined;
  let dataContentType: string | undefined;
  for (const [rawName, values] of headers ?? []) {
    const name = rawName.toLowerCase();
    const value = values[0] ?? '';
    if (name === CONTENT_TYPE) contentType = value;
    else if (!name.startsWith(ATTRIBUTE_PREFIX)) carried.push([name, value]);
    else if (name === ATTRIBUTE_PREFIX + DATA_CONTENT_TYPE) dataContentType = decodeValue(value);
    else attributes.push([name.slice(ATTRIBUTE_PREFIX.length), decodeValue(value)]);
  }
  // A copy: the message is a part of what was read from the socket at once, which an event that waits would hold in memory.
  const body = Buffer.from(data);
  if (isStructuredContentType(contentType)) {
    return fromBrokerMessage({ mode: 'structured', attributes, contentType, body, carried });
  }
  if (attributes.length === 0 && contentType === undefined) {
    return fromBrokerMessage({ mode: 'structured', attributes, contentType: JSON_EVENT, body, carried });
  }
  return fromBrokerMessage({ mode: 'binary', attributes, contentType: dataContentType ?? contentType, body, carried });
}

/** Foreign producers may send UTF-8 as it is; the decoder wants one character a byte. */
function decodeValue(value: string): string {
  // eslint-disable-next-line no-control-regex -- everything that is ASCII
  const isAscii = /^[\x00-\x7f]*$/.test(value);
  return decodeHeaderValue(isAscii ? value : Buffer.from(value, 'utf8').toString('latin1'));
}
