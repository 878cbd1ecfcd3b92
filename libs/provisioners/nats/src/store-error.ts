import { describeTlsFault } from '@millrace/eventing-api';

/** What the client's errors have in common, as far as we look at it. */
interface ClientError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly api_error?: ApiError | undefined;
  /** What it was made of: of node:net or node:tls. */
  readonly chainedError?: { readonly code?: string | undefined } | undefined;
}

/** How JetStream says no. */
export interface ApiError {
  readonly code: number;
  readonly err_code?: number | undefined;
  readonly description?: string | undefined;
}

/** Error codes of JetStream (nats-server `server/errors.json`). */
export const JETSTREAM = {
  consumerNotFound: 10014,
  insufficientResources: 10023,
  memoryExceeded: 10028,
  storageExceeded: 10047,
  messageTooLarge: 10054,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  storeFailed: 10077,
  consumerNameExists: 10013,
  consumerExists: 10148,
  consumerConflict: 10012,
} as const;

/** What is said of a question that takes too long, as `within` has it. */
export const NATS_SILENT = 'NATS did not answer';

/** The code with which JetStream refused; undefined where it was not JetStream that failed. */
export function jetStreamCode(error: unknown): number | undefined {
  return (error as ClientError | undefined)?.api_error?.err_code;
}

/** Whether nobody listens on the subject: no stream there, or no JetStream. */
export function isNoResponders(error: unknown): boolean {
  const { code, api_error: refusal } = error as ClientError;
  return code === '503' && refusal === undefined;
}

/** Whether the server refused a right, also where somebody has said since what could not be done. */
export function isForbidden(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as ClientError & { readonly cause?: unknown };
  return code === 'PERMISSIONS_VIOLATION' || (cause !== undefined && isForbidden(cause));
}

/** The client calls it a refusal where a server hangs up before its first word. */
const SILENT_END =
  'the server closed the connection without a word (one that speaks TLS first needs tls.handshakeFirst)';

/** The error in the words of the server, for people. */
export function storeWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message, api_error: refusal, chainedError } = error as ClientError;
  if (refusal?.description) return refusal.description;
  if (code === '503') return 'no responders: JetStream does not answer, or is not enabled for this account';
  if (code === 'TIMEOUT') return 'the server did not answer in time';
  if (code === 'CONNECTION_REFUSED') return chainedError?.code === 'ECONNREFUSED' ? 'connection refused' : SILENT_END;
  if (code === 'SERVER_OPT_NA' && message === 'tls') return 'the server does not offer TLS';
  const tlsFault = describeTlsFault(code);
  if (tlsFault !== undefined) return tlsFault;
  return message.replace(/^'|'$/g, '');
}

/** An Error that says what was tried and why it failed. `what` begins a sentence: `Stream KN_x could not be made`. */
export function storeError(what: string, error: unknown): Error {
  return new Error(`${what}: ${storeWords(error)}`, { cause: error });
}
