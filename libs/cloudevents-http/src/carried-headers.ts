import type { EventFault } from './attribute-checks.js';
import {
  ATTRIBUTE_HEADER_PREFIX,
  CONTENT_ENCODING_HEADER,
  CONTENT_TYPE_HEADER,
  HOP_COUNT_HEADER,
  TRACEPARENT_HEADER,
  TRACESTATE_HEADER,
} from './header-names.js';

/** What one walk over the headers of a message finds for its event. */
export interface CarriedHeaders {
  readonly contentType: string | undefined;
  /** Attributes of binary mode by their header (`ce-id`), values as they came. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Everything that leaves with an event in binary mode: flat list, names in lower case. */
  readonly headers: string[];
  readonly traceparent: string | undefined;
  /** Intakes that the event had passed when it was sent to us. */
  readonly hops: number;
  /** A header that stands there twice and must not. */
  readonly fault: EventFault | undefined;
}

const LETTER_C = 0x63;
const LETTER_K = 0x6b;
const LETTER_R = 0x72;
const LETTER_T = 0x74;
const LETTER_X = 0x78;

/**
 * Picks the headers that belong to an event: `content-type`, `ce-*`, and what is passed on unread (`content-encoding`, `x-request-id`, `retry-after`,
 * `x-b3-*`, `knative-*`, `tracestate`; Knative Eventing pkg/utils/headers.go, W3C Trace Context). Hot path: one pass, and a header of no interest costs one comparison.
 *
 * @param rawHeaders flat list as `IncomingMessage.rawHeaders` has it
 */
export function carriedHeaders(rawHeaders: readonly string[]): CarriedHeaders {
  const attributes = new Map<string, string>();
  const headers: string[] = [];
  let contentType: string | undefined;
  let traceparent: string | undefined;
  let hops = 0;
  let fault: EventFault | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] as string;
    const initial = rawName.charCodeAt(0) | 0x20;
    if (!isInitial(initial)) continue;
    const name = rawName.toLowerCase();
    const value = rawHeaders[index + 1] as string;
    if (name.startsWith(ATTRIBUTE_HEADER_PREFIX)) {
      if (attributes.has(name)) fault ??= twice(name, name.slice(ATTRIBUTE_HEADER_PREFIX.length));
      attributes.set(name, value);
      headers.push(name, value);
    } else if (name === CONTENT_TYPE_HEADER) {
      if (contentType !== undefined) fault ??= twice(name, 'datacontenttype');
      contentType = value;
      headers.push(name, value);
    } else if (name === TRACEPARENT_HEADER) {
      traceparent ??= value;
    } else if (name === HOP_COUNT_HEADER) {
      hops = hopCount(value);
    } else if (isPassedThrough(name)) {
      headers.push(name, value);
    }
  }
  return { contentType, attributes, headers, traceparent, hops, fault };
}

/** Whether the name of a header that belongs to an event may begin so. */
function isInitial(letter: number): boolean {
  return (
    letter === LETTER_C || letter === LETTER_K || letter === LETTER_R || letter === LETTER_T || letter === LETTER_X
  );
}

function isPassedThrough(name: string): boolean {
  return (
    name === 'x-request-id' ||
    name === CONTENT_ENCODING_HEADER ||
    name === 'retry-after' ||
    name === TRACESTATE_HEADER ||
    name.startsWith('x-b3-') ||
    name.startsWith('knative-')
  );
}

function hopCount(value: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : 0;
}

function twice(name: string, attribute: string): EventFault {
  return { attribute, message: `The header ${name} must not be given more than once.` };
}
