import type { StoredEvent } from '@millrace/eventing-api';
import { claimsEvents, CORRELATION_ID_HEADER, readEvents } from '@millrace/cloudevents-http';
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
 * Reads the answer to `event`. A reply counts as many hops as the event that it answers, so that a loop of replies comes to an end, and goes
 * on with its trace and its `Knative-Correlation-Id` where it brings none (Knative Eventing v0.4 message_dispatcher.go).
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
  return {
    ...reply,
    headers: withCorrelationId(reply.headers, event.headers),
    transport: { hops, traceparent: traceparent ?? event.transport.traceparent },
  };
}

function withCorrelationId(headers: readonly string[], original: readonly string[]): readonly string[] {
  const value = headerValue(original, CORRELATION_ID_HEADER);
  if (value === undefined || headerValue(headers, CORRELATION_ID_HEADER) !== undefined) return headers;
  return [...headers, CORRELATION_ID_HEADER, value];
}

function headerValue(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index] === name) return headers[index + 1];
  }
  return undefined;
}
