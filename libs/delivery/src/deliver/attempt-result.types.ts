/** Why an attempt had no answer that counts. Each is worth a retry. */
export type AttemptFailure =
  /** No connection, a reset, an answer that is no HTTP. */
  | 'connection-failed'
  /** Not answered in full within `timeout`. */
  | 'timeout'
  /** More answer than is read of one. */
  | 'response-too-large';

/** What an answer said besides its status, kept only where somebody asked for the body. */
export interface ResponseMessage {
  /** Flat list, one character a byte. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Outcome of one HTTP attempt. */
export type AttemptResult =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly latencyMs: number;
      /** Value of the header `Retry-After`, on 429 and 503 only. */
      readonly retryAfter?: string | undefined;
      /** The answer to a 200, where the request asked for it. */
      readonly message?: ResponseMessage | undefined;
    }
  | {
      readonly outcome: 'failed';
      readonly reason: AttemptFailure;
      readonly latencyMs: number;
      /** For people: what happened, in the words of the network. */
      readonly message: string;
    }
  /** Called off by us. */
  | { readonly outcome: 'aborted' };
