import type { StoredEvent } from '@millrace/eventing-api';
import { HOP_COUNT_HEADER, TRACEPARENT_HEADER } from './header-names.js';

/** The headers to send an event with: its own, its trace context and its hop count. A new flat list, which the caller may add to. */
export function eventHeaders(event: StoredEvent): string[] {
  const headers = event.headers.slice();
  const { hops, traceparent } = event.transport;
  if (traceparent !== undefined) headers.push(TRACEPARENT_HEADER, traceparent);
  headers.push(HOP_COUNT_HEADER, String(hops));
  return headers;
}
