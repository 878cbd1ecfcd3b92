import { createHash } from 'node:crypto';
import {
  fromBrokerMessage,
  isStructuredContentType,
  toBrokerMessage,
  type BrokerMessage,
  type BrokerMessageReading,
} from '@millrace/cloudevents-http';
import type { StoredEvent } from '@millrace/eventing-api';
import { foldedMessage, FOLDED_ATTRIBUTE, unfold } from './folded-message.js';

/** A message as the client publishes it. */
export interface PubSubMessage {
  readonly data: Buffer;
  readonly attributes: Record<string, string>;
  readonly orderingKey?: string;
}

/** What of a received message holds the event. */
export interface ReceivedMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

export type PubSubMapping =
  | { readonly outcome: 'message'; readonly message: PubSubMessage; readonly bytes: number }
  | { readonly outcome: 'too-large'; readonly message: string };

/**
 * The largest event, body and attributes. A publish request takes 10 MB ("Pub/Sub quotas and limits"), names and the frame included. A larger one
 * must never be sent: the client tries it again and again.
 */
export const MAX_EVENT_BYTES = 9_500_000;

const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_NAME_BYTES = 256;
const MAX_ATTRIBUTE_VALUE_BYTES = 1024;
const MAX_ORDERING_KEY_BYTES = 1024;

const PREFIX = 'ce-';
const CONTENT_TYPE = 'content-type';
const DATA_CONTENT_TYPE = 'datacontenttype';

/**
 * An event as a message: context attributes as `ce-<name>`, values as they are, the media type as `content-type`
 * (google/knative-gcp, "Google Cloud Pub/Sub Protocol Binding for CloudEvents"). Hot path.
 */
export function toPubSubMessage(event: StoredEvent): PubSubMapping {
  const broker = toBrokerMessage(event);
  const orderingKey = event.partitionKey === undefined ? {} : { orderingKey: orderingKeyOf(event.partitionKey) };
  let message: PubSubMessage = { data: broker.body, attributes: attributesOf(broker), ...orderingKey };
  if (!fits(message.attributes)) {
    const folded = broker.mode === 'binary' ? foldedMessage(broker) : { ...broker, attributes: [] };
    const marked = { ...attributesOf(folded), ...(broker.mode === 'binary' ? { [FOLDED_ATTRIBUTE]: 'true' } : {}) };
    message = { data: folded.body, attributes: marked, ...orderingKey };
    if (!fits(marked))
      return { outcome: 'too-large', message: 'A header that travels with the event is over 1024 bytes' };
  }
  const bytes = sizeOf(message);
  if (bytes <= MAX_EVENT_BYTES) return { outcome: 'message', message, bytes };
  return {
    outcome: 'too-large',
    message: `The event takes ${bytes} bytes; a Channel in Pub/Sub takes ${MAX_EVENT_BYTES}`,
  };
}

/** The event in a message, whoever published it. Hot path. */
export function fromPubSubMessage({ data, attributes }: ReceivedMessage): BrokerMessageReading {
  const context: [string, string][] = [];
  const carried: [string, string][] = [];
  let contentType: string | undefined;
  let dataContentType: string | undefined;
  for (const [rawName, value] of Object.entries(attributes)) {
    const name = rawName.toLowerCase();
    if (name === CONTENT_TYPE) contentType = value;
    else if (name === PREFIX + DATA_CONTENT_TYPE) dataContentType = value;
    else if (name.startsWith(PREFIX)) context.push([name.slice(PREFIX.length), value]);
    else carried.push([name, value]);
  }
  contentType ??= dataContentType;
  const mode = isStructuredContentType(contentType) ? 'structured' : 'binary';
  const message: BrokerMessage = { mode, attributes: context, contentType, body: data, carried };
  return fromBrokerMessage(attributes[FOLDED_ATTRIBUTE] === undefined ? message : unfold(message));
}

/** The body, and of the attributes those that Pub/Sub counts. */
function sizeOf({ data, attributes, orderingKey = '' }: PubSubMessage): number {
  let bytes = data.length + Buffer.byteLength(orderingKey);
  for (const name in attributes) bytes += Buffer.byteLength(name) + Buffer.byteLength(attributes[name] ?? '');
  return bytes;
}

function attributesOf({ mode, attributes, contentType, carried }: BrokerMessage): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of attributes) named[PREFIX + name] = value;
  for (const [name, value] of carried) named[name] = value;
  if (contentType !== undefined) {
    named[CONTENT_TYPE] = contentType;
    // Some readers look for the one, some for the other.
    if (mode === 'binary') named[PREFIX + DATA_CONTENT_TYPE] = contentType;
  }
  return named;
}

/** "Pub/Sub quotas and limits": attributes per message. */
function fits(attributes: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(attributes);
  return (
    names.length <= MAX_ATTRIBUTES &&
    names.every(
      (name) => isWithin(name, MAX_ATTRIBUTE_NAME_BYTES) && isWithin(attributes[name] ?? '', MAX_ATTRIBUTE_VALUE_BYTES),
    )
  );
}

/** No character takes more than three bytes in UTF-8 for each unit of a string. */
function isWithin(text: string, bytes: number): boolean {
  return text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes;
}

function orderingKeyOf(partitionKey: string): string {
  if (isWithin(partitionKey, MAX_ORDERING_KEY_BYTES)) return partitionKey;
  return `sha256:${createHash('sha256').update(partitionKey).digest('hex')}`;
}
