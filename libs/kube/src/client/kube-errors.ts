/** The `Status` object with which a Kubernetes API says no. */
export interface KubeStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly { reason?: string; field?: string; message?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** The API answered with a Status. `reason` is one of its documented words (NotFound, AlreadyExists, Conflict, Invalid, Forbidden, Expired, ...). */
export class KubeApiError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly status: KubeStatus,
  ) {
    super(message);
    this.name = 'KubeApiError';
  }
}

/** The API did not answer: refused, reset, timed out. */
export class KubeConnectionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KubeConnectionError';
  }
}

/** True for a Status with this reason. */
export function hasReason(error: unknown, reason: string): error is KubeApiError {
  return error instanceof KubeApiError && error.reason === reason;
}
