export { fromBrokerMessage, isStructuredContentType, toBrokerMessage } from './broker-message.js';
export type { BrokerMessage, BrokerMessageReading } from './broker-message.js';
export { attributeReader } from './attribute-reader.js';
export type { AttributeReader } from './attribute-reader.js';
export { classifyStatus } from './classify-status.js';
export type { StatusVerdict } from './classify-status.js';
export { eventHeaders } from './event-headers.js';
export { decodeHeaderValue, encodeHeaderValue } from './header-value.js';
export {
  CHANNEL_UID_HEADER,
  CORRELATION_ID_HEADER,
  NAMESPACE_HEADER,
  PREFER_HEADER,
  TRACESTATE_HEADER,
} from './header-names.js';
export { claimsEvents, readEvents } from './read-events.js';
export type { EventsReading, ReadContext } from './read-events.js';
export { formatRetryAfter, parseRetryAfterMs } from './retry-after.js';
export { withAttributes } from './with-attributes.js';
export type { AttributeValues } from './with-attributes.js';
