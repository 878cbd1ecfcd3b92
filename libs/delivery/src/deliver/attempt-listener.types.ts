/** Where an attempt goes. */
export type Hop = 'subscriber' | 'reply' | 'dead-letter';

/** One attempt at a subscriber, a reply address or a dead letter sink, as told to those who keep a record. Bodies are never part of it. */
export interface AttemptRecord {
  readonly eventId: string;
  readonly eventSource: string;
  readonly subscription: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly hop: Hop;
  readonly url: string;
  /** 1 for the first delivery, 2 for its first retry, ...; a reply has that of the delivery it answers, a dead letter sink begins at 1 again. */
  readonly attempt: number;
  /** HTTP status; absent where there was none. */
  readonly code?: number | undefined;
  readonly latencyMs: number;
  /** Why there is no status: `connection-failed`, `timeout`, `response-too-large`; `circuit-open` where the attempt was spared. */
  readonly reason?: string | undefined;
}

/** Is told of every attempt after it ended, and of those that an open circuit spared. Must not block; what it throws is logged once and no matter for the event. */
export type AttemptListener = (record: AttemptRecord) => void;
