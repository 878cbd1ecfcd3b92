import {
  fromBrokerMessage,
  isStructuredContentType,
  toBrokerMessage,
  type BrokerMessageReading,
} from '@millrace/cloudevents-http';
import type { StoredEvent } from '@millrace/eventing-api';
import type { KafkaMessage, Message } from 'kafkajs';
import { HEADER_OVERHEAD_BYTES, RECORD_OVERHEAD_BYTES } from './record-size.js';

/** CloudEvents Kafka protocol binding 1.0.2, section 3.2.4.2. */
const ATTRIBUTE_PREFIX = 'ce_';
const CONTENT_TYPE = 'content-type';

type HeaderValue = string | string[];

/** A record that can be sent, and about what it takes on the broker. */
export interface SizedMessage {
  readonly message: Message;
  readonly bytes: number;
}

/** Hot path. An event as the CloudEvents Kafka protocol binding writes it: values of headers are UTF-8, and the key is the `partitionkey`. */
export function toKafkaMessage(event: StoredEvent): SizedMessage {
  const { attributes, contentType, body, carried } = toBrokerMessage(event);
  const headers: Record<string, HeaderValue> = {};
  let bytes = RECORD_OVERHEAD_BYTES + body.length;
  if (contentType !== undefined) {
    headers[CONTENT_TYPE] = contentType;
    bytes += sizeOf(CONTENT_TYPE, contentType);
  }
  for (const [name, value] of attributes) {
    headers[ATTRIBUTE_PREFIX + name] = value;
    bytes += sizeOf(name, value) + ATTRIBUTE_PREFIX.length;
  }
  for (const [name, value] of carried) {
    const former = headers[name];
    headers[name] = former === undefined ? value : ([] as string[]).concat(former, value);
    bytes += sizeOf(name, value);
  }
  const key = event.partitionKey === undefined ? null : Buffer.from(event.partitionKey);
  return { message: { key, value: body, headers }, bytes: bytes + (key?.length ?? 0) };
}

/** Hot path. What a record holds, whoever has written it. A key stands for a `partitionkey` that is missing: its events are kept in order. */
export function fromKafkaMessage({ key, value, headers = {} }: KafkaMessage): BrokerMessageReading {
  const attributes: [string, string][] = [];
  const carried: [string, string][] = [];
  let contentType: string | undefined;
  for (const rawName of Object.keys(headers)) {
    const name = rawName.toLowerCase();
    const given = headers[rawName];
    for (const part of Array.isArray(given) ? given : [given]) {
      const text = part === undefined || part === null ? '' : part.toString();
      if (name.startsWith(ATTRIBUTE_PREFIX)) attributes.push([name.slice(ATTRIBUTE_PREFIX.length), text]);
      else if (name === CONTENT_TYPE) contentType = text;
      else carried.push([name, text]);
    }
  }
  const mode = isStructuredContentType(contentType) ? 'structured' : 'binary';
  const reading = fromBrokerMessage({ mode, attributes, contentType, body: value ?? Buffer.alloc(0), carried });
  if (reading.outcome === 'invalid' || reading.event.partitionKey !== undefined || !key || key.length === 0)
    return reading;
  return { outcome: 'event', event: { ...reading.event, partitionKey: key.toString() } };
}

function sizeOf(name: string, value: string): number {
  return name.length + Buffer.byteLength(value) + HEADER_OVERHEAD_BYTES;
}
