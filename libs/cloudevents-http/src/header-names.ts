/** Names of HTTP headers, in lower case. */

export const CONTENT_TYPE_HEADER = 'content-type';
/** How the data are compressed (RFC 9110 section 8.4): goes with them in binary mode. */
export const CONTENT_ENCODING_HEADER = 'content-encoding';
/** Prefix of CloudEvents attributes in binary mode (CloudEvents HTTP binding 1.0.2 section 3.1.3.1). */
export const ATTRIBUTE_HEADER_PREFIX = 'ce-';
/** W3C trace context; travels in `StoredEvent.transport`. */
export const TRACEPARENT_HEADER = 'traceparent';
/** W3C trace context; travels with the other headers of the event. */
export const TRACESTATE_HEADER = 'tracestate';
/** How many intakes an event has passed; part of the transport, never of the event. */
export const HOP_COUNT_HEADER = 'knative-hop-count';
/** UID of the Channel that the sender means; a receiver that knows another one under that name answers 404. */
export const CHANNEL_UID_HEADER = 'millrace-channel-uid';
/** Asks the subscriber for an event in its answer, with the value `reply` (Knative Eventing data plane contract). */
export const PREFER_HEADER = 'prefer';
/** Namespace of the Subscription that an event is delivered for. */
export const NAMESPACE_HEADER = 'kn-namespace';
/** Copied from an event to its reply, as in Knative Eventing v0.4 message_dispatcher.go. */
export const CORRELATION_ID_HEADER = 'knative-correlation-id';
