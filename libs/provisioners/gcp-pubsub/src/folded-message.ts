import type { BrokerMessage } from '@millrace/cloudevents-http';

/** Marks a message whose event came in binary mode and leaves in binary mode. */
export const FOLDED_ATTRIBUTE = 'millrace-folded';

const DOCUMENT_TYPE = 'application/cloudevents+json';
const DATA = 'data_base64';
const DATA_CONTENT_TYPE = 'datacontenttype';

/**
 * A message in binary mode as one in structured mode (CloudEvents JSON format 1.0.2), for events whose attributes are more than Pub/Sub takes. Data goes as base64 whatever it is, so
 * that not a byte changes.
 */
export function foldedMessage({ attributes, contentType, body, carried }: BrokerMessage): BrokerMessage {
  const document = {
    ...Object.fromEntries(attributes),
    ...(contentType === undefined ? {} : { [DATA_CONTENT_TYPE]: contentType }),
    [DATA]: body.toString('base64'),
  };
  return {
    mode: 'structured',
    attributes: [],
    contentType: DOCUMENT_TYPE,
    body: Buffer.from(JSON.stringify(document)),
    carried,
  };
}

/** The reverse. What is no such document stays as it is, and whoever reads it finds the fault. */
export function unfold(message: BrokerMessage): BrokerMessage {
  const document = parse(message.body);
  if (typeof document?.[DATA] !== 'string') return message;
  const { [DATA]: data, [DATA_CONTENT_TYPE]: contentType, ...attributes } = document;
  return {
    mode: 'binary',
    attributes: Object.entries(attributes),
    contentType,
    body: Buffer.from(data, 'base64'),
    carried: message.carried,
  };
}

function parse(body: Buffer): Record<string, string> | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, string>;
  } catch {
    return undefined;
  }
}
