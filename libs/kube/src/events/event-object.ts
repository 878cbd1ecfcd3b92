import type { Event, KubeObject } from '@millrace/eventing-api';

/** What happened, to what, told by whom. */
export interface Happening {
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly nowMs: number;
  /** Tells apart events of one millisecond. */
  readonly sequence: number;
}

const MAX_MESSAGE_BYTES = 1024;
const MAX_NAME_LENGTH = 253;

/** The core/v1 Event for something that happened once. Its name is `<object>.<time in hexadecimal>`, as client-go's recorder names them. */
export function eventFor(happening: Happening): Event {
  const { regarding, type, reason, message, component, nowMs } = happening;
  const { name, namespace, uid, resourceVersion } = regarding.metadata;
  const time = timeOf(nowMs);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(name ?? '', nowMs, happening.sequence), namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion: regarding.apiVersion,
      kind: regarding.kind,
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type,
    reason,
    message: cutToBytes(message, MAX_MESSAGE_BYTES),
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
  };
}

/** `metav1.Time`: RFC 3339 with second precision. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function eventName(object: string, nowMs: number, sequence: number): string {
  const nanoseconds = BigInt(Math.trunc(nowMs)) * 1_000_000n + BigInt(sequence % 1_000_000);
  const suffix = `.${nanoseconds.toString(16)}`;
  return object.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
}

function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const ellipsis = '…';
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes - Buffer.byteLength(ellipsis)));
  return text.slice(0, read) + ellipsis;
}
