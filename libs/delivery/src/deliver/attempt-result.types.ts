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
  /** Taken from the budget of answer bytes; whoever gets it gives them back. */
  readonly body: Buffer;
}

/** An HTTP answer. */
export interface Answer {
  readonly outcome: 'answered';
  readonly status: number;
  readonly latencyMs: number;
  /** Value of the header `Retry-After`, on 429 and 503 only. */
  readonly retryAfter?: string | undefined;
  /** The answer to a 200, where the request asked for it. */
  readonly message?: ResponseMessage | undefined;
  /** The beginning of the body of an answer that is no success, `MAX_ERROR_BYTES` at most. */
  readonly errorBody?: Buffer | undefined;
}

/** No answer that counts. */
export interface Failure {
  readonly outcome: 'failed';
  readonly reason: AttemptFailure;
  readonly latencyMs: number;
  /** For people: what happened, in the words of the network. */
  readonly message: string;
}

/** Outcome of one HTTP attempt; `aborted` = called off by us. */
export type AttemptResult = Answer | Failure | { readonly outcome: 'aborted' };
