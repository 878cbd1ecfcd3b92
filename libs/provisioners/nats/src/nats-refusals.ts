import type { PublishRefusal, PublishResult } from '@millrace/eventing-api';
import { JETSTREAM, storeWords, type ApiError } from './store-error.js';

export type Refusal = Extract<PublishResult, { outcome: 'refused' }>;

/** Nothing tells when a stream has room again: it depends on its age limit, or on somebody who raises it. */
const FULL_RETRY_AFTER_MS = 5_000;
const AWAY_RETRY_AFTER_MS = 1_000;

export function refuse(code: PublishRefusal, message: string, cause?: unknown): Refusal {
  return { outcome: 'refused', code, message, cause, ...retryAfter(code) };
}

export function outOfTime(): Refusal {
  return refuse('timeout', 'NATS did not acknowledge the event in time; it may be stored');
}

/** Too much is under way to this store: it passes as soon as NATS answers. */
export function tooMuchUnderWay(bytes: number): Refusal {
  const message = `${bytes} bytes wait for NATS to acknowledge them`;
  return { ...refuse('full', message), retryAfterMs: AWAY_RETRY_AFTER_MS };
}

/** Why JetStream did not store a message, by what it answered instead of an acknowledgement. */
export function refusalOf(error: ApiError): Refusal {
  const { err_code: code, description = `error ${error.code}` } = error;
  switch (code) {
    case JETSTREAM.storeFailed:
      // One code for every failure to store: only its text tells a bound from a broken disk.
      return refuse(/maximum (messages|bytes)/.test(description) ? 'full' : 'unavailable', description, error);
    case JETSTREAM.storageExceeded:
    case JETSTREAM.memoryExceeded:
    case JETSTREAM.insufficientResources:
      return refuse('full', description, error);
    case JETSTREAM.messageTooLarge:
      return refuse('too-large', description, error);
    case JETSTREAM.streamNotFound:
      return refuse('not-found', description, error);
    default:
      return refuse('unavailable', description, error);
  }
}

/** Why the client did not send a message. */
export function refusalOfClient(error: unknown): Refusal {
  const code = (error as { code?: string }).code === 'MAX_PAYLOAD_EXCEEDED' ? 'too-large' : 'unavailable';
  return refuse(code, storeWords(error), error);
}

function retryAfter(code: PublishRefusal): { retryAfterMs?: number } {
  if (code === 'full') return { retryAfterMs: FULL_RETRY_AFTER_MS };
  return code === 'unavailable' ? { retryAfterMs: AWAY_RETRY_AFTER_MS } : {};
}
