import { KubeApiError, KubeConnectionError, type KubeStatus } from './kube-errors.js';

/** What the API said instead of the object asked for. */
export interface FailedAnswer {
  /** `GET /api/v1/...`, for the message. */
  readonly request: string;
  readonly code: number;
  readonly body: string;
  /** Value of the `Retry-After` header. */
  readonly retryAfter?: string | undefined;
}

/**
 * The error for an answer outside 2xx. A body that is no Status comes from something between us and the API: from 500 on that means that
 * the API did not answer; below, the reason is `Unknown` (so that a proxy's 404 page is never taken for "this object does not exist").
 */
export function errorOfAnswer(answer: FailedAnswer): KubeApiError | KubeConnectionError {
  const status = parseStatus(answer.body);
  if (status !== undefined) return errorOfStatus(withRetryAfter(status, answer.retryAfter), answer.code);
  const message = `${answer.request} was answered ${answer.code} without a Status: ${answer.body.slice(0, 200).trim()}`;
  if (answer.code >= 500) return new KubeConnectionError(message);
  return new KubeApiError(answer.code, 'Unknown', message, withRetryAfter({ code: answer.code }, answer.retryAfter));
}

/** The error for a Status, as it stands in a body or in an ERROR line of a watch. */
export function errorOfStatus(status: KubeStatus, code = status.code ?? 500): KubeApiError {
  return new KubeApiError(code, status.reason ?? 'Unknown', status.message ?? `The API answered ${code}`, status);
}

function parseStatus(body: string): KubeStatus | undefined {
  try {
    const parsed = JSON.parse(body) as { kind?: unknown } | null;
    return parsed?.kind === 'Status' ? (parsed as KubeStatus) : undefined;
  } catch {
    return undefined;
  }
}

function withRetryAfter(status: KubeStatus, retryAfter: string | undefined): KubeStatus {
  if (retryAfter === undefined || !/^\d+$/.test(retryAfter) || status.details?.retryAfterSeconds !== undefined) {
    return status;
  }
  return { ...status, details: { ...status.details, retryAfterSeconds: Number(retryAfter) } };
}
