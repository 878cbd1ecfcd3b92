import type { StoredEvent } from '@millrace/eventing-api';
import { claimsEvents, CORRELATION_ID_HEADER, readEvents, TRACESTATE_HEADER } from '@millrace/cloudevents-http';
import type { ResponseMessage } from './attempt-result.types.js';

/** What a subscriber answered besides its 200. */
export type ReplyReading =
  | { readonly outcome: 'none' }
  /** One event; several if it answered with a batch. */
  | { readonly outcome: 'reply'; readonly events: readonly StoredEvent[] }
  /** It claims to be an event and is none; that is no reply, and no failure either. */
  | { readonly outcome: 'invalid'; readonly message: string };

const NONE: ReplyReading = { outcome: 'none' };

/**
 * Reads the answer to `event`. A reply counts as many hops as the event that it answers, so that a loop of replies comes to an end. It carries the headers of the
 * answer that are passed on; where that brings no trace or no `Knative-Correlation-Id`, it goes on with those of the event (W3C Trace Context section
 * 4.3; Knative Eventing v0.4 message_dispatcher.go).
 */
export function readReply(event: StoredEvent, answer: ResponseMessage): ReplyReading {
  if (!claimsEvents(answer.rawHeaders)) return NONE;
  const { hops } = event.transport;
  const reading = readEvents(answer.rawHeaders, answer.body, { hops });
  if (reading.outcome === 'invalid') return { outcome: 'invalid', message: reading.message };
  if (reading.events.length === 0) return NONE;
  return { outcome: 'reply', events: reading.events.map((reply) => continued(reply, event)) };
}

function continued(reply: StoredEvent, event: StoredEvent): StoredEvent {
  const { hops, traceparent } = reply.transport;
  const headers = withInherited(reply.headers, event.headers, CORRELATION_ID_HEADER);
  if (traceparent !== undefined) return { ...reply, headers };
  return {
    ...reply,
    // A tracestate without its traceparent means nothing.
    headers: withInherited(withoutHeader(headers, TRACESTATE_HEADER), event.headers, TRACESTATE_HEADER),
    transport: { hops, traceparent: event.transport.traceparent },
  };
}

/** The headers with that of the event under this name, where they have none. */
function withInherited(headers: readonly string[], original: readonly string[], name: string): readonly string[] {
  const value = headerValue(original, name);
  if (value === undefined || headerValue(headers, name) !== undefined) return headers;
  return [...headers, name, value];
}

function withoutHeader(headers: readonly string[], name: string): readonly string[] {
  return headers.filter((_, index) => headers[index & ~1] !== name);
}

function headerValue(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1];
  }
  return undefined;
}
