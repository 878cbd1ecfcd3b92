import type { PublishRefusal, PublishResult } from '@millrace/eventing-api';
import { describeError, faultOf } from './kafka-errors.js';

/** Answers that tell of one event in a batch, and condemn all of it. */
const OF_ONE_EVENT: ReadonlySet<string | undefined> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
]);

const CODES: Readonly<Record<string, PublishRefusal>> = {
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'not-found',
  TOPIC_AUTHORIZATION_FAILED: 'forbidden',
  CLUSTER_AUTHORIZATION_FAILED: 'forbidden',
  SASL_AUTHENTICATION_FAILED: 'forbidden',
  UNSUPPORTED_SASL_MECHANISM: 'forbidden',
  ILLEGAL_SASL_STATE: 'forbidden',
  REQUEST_TIMED_OUT: 'timeout',
};

const CODES_BY_CLASS: Readonly<Record<string, PublishRefusal>> = {
  KafkaJSSASLAuthenticationError: 'forbidden',
  KafkaJSRequestTimeoutError: 'timeout',
};

export const STORED: PublishResult = { outcome: 'stored' };

/** What a failed send means for the events in it. */
export function refusalOf(error: unknown): PublishResult {
  const { type, name } = faultOf(error);
  const code = (type === undefined ? undefined : CODES[type]) ?? CODES_BY_CLASS[name] ?? 'unavailable';
  return { outcome: 'refused', code, message: describeError(error), cause: error };
}

/** Whether the other events of a batch may be stored without the one that is wrong. */
export function isFaultOfOneEvent(error: unknown): boolean {
  return OF_ONE_EVENT.has(faultOf(error).type);
}

export function isUnknownTopic(error: unknown): boolean {
  return faultOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** Whether an ACL is in the way, of the topic or of the group. */
export function isRightMissing(error: unknown): boolean {
  const { type } = faultOf(error);
  return type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'GROUP_AUTHORIZATION_FAILED';
}

export function refused(code: PublishRefusal, message: string, retryAfterMs?: number): PublishResult {
  return { outcome: 'refused', code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Whether a client of kafkajs may not recover from this by itself. */
export function isConnectionSpoiled(error: unknown): boolean {
  const { type } = faultOf(error);
  return type === undefined || type === 'UNKNOWN_TOPIC_OR_PARTITION' || CODES[type] === 'forbidden';
}
