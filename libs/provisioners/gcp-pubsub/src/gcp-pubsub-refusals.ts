import type { PublishRefusal, PublishResult } from '@millrace/eventing-api';

/** Canonical codes of gRPC (grpc.io, "Status codes and their use in gRPC"). */
export const GRPC = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What to wait after the store, or our own queue for it, was full. */
const RETRY_AFTER_MS = 1000;

const REFUSALS: Readonly<Partial<Record<number, PublishRefusal>>> = {
  [GRPC.deadlineExceeded]: 'timeout',
  [GRPC.notFound]: 'not-found',
  [GRPC.permissionDenied]: 'forbidden',
  [GRPC.resourceExhausted]: 'full',
  [GRPC.unauthenticated]: 'forbidden',
};

/** The code of gRPC that an error has; undefined where it comes from elsewhere. */
export function grpcCode(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** Why the store refused, in its words. What is not known to be for good is `unavailable`. */
export function refusalOf(error: unknown): PublishResult {
  const code = hasGivenUp(error) ? 'unavailable' : (REFUSALS[grpcCode(error) ?? -1] ?? 'unavailable');
  return refusal(code, wordsOf(error), error);
}

/** The client borrows the code of a timeout where it tried for long enough. Such an error comes from no call: it has no metadata. */
function hasGivenUp(error: unknown): boolean {
  return grpcCode(error) === GRPC.deadlineExceeded && (error as { metadata?: unknown }).metadata === undefined;
}

export function refusal(code: PublishRefusal, message: string, cause?: unknown): PublishResult {
  return { outcome: 'refused', code, message, retryAfterMs: code === 'full' ? RETRY_AFTER_MS : undefined, cause };
}

/** What could not be done, in the store's words. */
export function storeError(what: string, error: unknown): Error {
  return new Error(`${what}: ${wordsOf(error)}`, { cause: error });
}

/** The store's words, once: the client repeats those of every try, so that they would never be the same twice. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.split(' : Previous errors', 1)[0] ?? words;
}
