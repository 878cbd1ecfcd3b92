/** One HTTP attempt at a subscriber or a reply address, as told to those who keep a record. Bodies are never part of it. */
export interface AttemptRecord {
  readonly eventId: string;
  readonly eventSource: string;
  readonly subscription: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** Where the attempt went. */
  readonly hop: 'subscriber' | 'reply';
  readonly url: string;
  /** 1 for the first delivery, 2 for its first retry, ... */
  readonly attempt: number;
  /** HTTP status; absent where there was none. */
  readonly code?: number | undefined;
  readonly latencyMs: number;
  /** Why there is no status: `connection-failed`, `timeout`, `response-too-large`. */
  readonly reason?: string | undefined;
}

/** Is told of every attempt after it ended. Must not throw and must not block. */
export type AttemptListener = (record: AttemptRecord) => void;
