/** What an intake spends on its producers. */
export interface IntakeLimits {
  /** Largest body of one request in bytes, a batch included: more is 413. */
  readonly maxEventBytes: number;
  /** Largest headers of one request in bytes, as node counts them: more is 431. */
  readonly maxHeaderBytes: number;
  /** Bytes of all bodies that are held at one time, read or being read, until their request is answered: more is 429. */
  readonly maxBytesInFlight: number;
  /** Milliseconds in which a request must have come in whole: more is 408. */
  readonly requestTimeoutMs: number;
  /** Milliseconds in which the headers of a request must have come in: more is 408. */
  readonly headersTimeoutMs: number;
}

export const DEFAULT_INTAKE_LIMITS: IntakeLimits = {
  maxEventBytes: 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxBytesInFlight: 128 * 1024 * 1024,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
};
