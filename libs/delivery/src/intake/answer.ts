import type { ServerResponse } from 'node:http';
import { formatRetryAfter } from '@millrace/cloudevents-http';
import type { IntakeStatus } from './intake-statuses.js';

/** Milliseconds after which a producer may come again where nobody knows better. */
const DEFAULT_RETRY_AFTER_MS = 1000;

/** What a producer is told. */
export interface Answer {
  readonly status: IntakeStatus;
  /** One sentence; none with success. */
  readonly message?: string | undefined;
  /** For 429 and 503, which always have a `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Writes an answer: no body with success, else one line of plain text, which reads well behind a curl.
 *
 * @param last close the connection afterwards
 */
export function writeAnswer(response: ServerResponse, answer: Answer, last: boolean): void {
  const { status, message, headers } = answer;
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] as string);
  if (last) response.setHeader('connection', 'close');
  if (status === 429 || status === 503) {
    response.setHeader('retry-after', formatRetryAfter(answer.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS));
  }
  if (message === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  // The message may repeat what a stranger wrote.
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(`${message}\n`);
}
