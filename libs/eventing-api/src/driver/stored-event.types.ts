/** How the event came in: attributes as headers beside the data, or one document that holds both (CloudEvents HTTP binding 3.1, 3.2). */
export type EventMode = 'binary' | 'structured';

/** What rides along with an event and is no part of it. */
export interface EventTransport {
  /** Intakes that the event has passed; each adds one (header `Knative-Hop-Count`). */
  readonly hops: number;
  /** W3C trace context as it came in, carried as a string. */
  readonly traceparent?: string | undefined;
}

/**
 * One CloudEvent as Millrace keeps it: attributes read once, bytes untouched.
 * Immutable: one object is shared by every Subscription that it waits for.
 */
export interface StoredEvent {
  /** `0.1`, `0.2`, `0.3` or `1.0`; an event leaves in the version it came in. */
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The `partitionkey` extension: the key that orders events. */
  readonly partitionKey?: string | undefined;
  /**
   * The headers that leave with the event, as a flat list `[name, value, name, value, ...]`, names in lower case: in binary
   * mode `content-type` and every `ce-*`, in structured mode `content-type`, and in both the pass-through headers (`content-encoding`, `x-request-id`, `retry-after`, `knative-*`, `x-b3-*`, `tracestate`).
   */
  readonly headers: readonly string[];
  /** Binary mode: the data. Structured mode: the whole document. */
  readonly body: Buffer;
  readonly mode: EventMode;
  readonly transport: EventTransport;
}
