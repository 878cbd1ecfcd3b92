import { parseRetryAfterMs } from '@millrace/cloudevents-http';
import { sleep, type Clock, type Logger } from '@millrace/eventing-api';
import type { CloudEvent } from 'cloudevents';
import type { PostOutcome } from './sink.js';

export interface SendOptions {
  readonly post: (event: CloudEvent<unknown>, signal: AbortSignal) => Promise<PostOutcome>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Attempts for one event, the first included. */
  readonly maxAttempts: number;
  /** Longest wait between two attempts; the waits double from 0.2 s. */
  readonly maxWaitMs: number;
}

/** What came of sending one event. */
export type SendOutcome = 'taken' | 'refused' | 'retries-exhausted' | 'aborted';

const FIRST_WAIT_MS = 200;
/** A sink may ask for a longer wait, up to this. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Sends one event again and again until the sink takes it or refuses it for good, the attempts are used up, or `signal` aborts. */
export async function sendUntilTaken(
  event: CloudEvent<unknown>,
  signal: AbortSignal,
  { post, clock, logger, maxAttempts, maxWaitMs }: SendOptions,
): Promise<SendOutcome> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const result = await post(event, signal);
      if (result.outcome === 'accepted') return 'taken';
      if (result.outcome === 'refused' && !result.retryable) {
        logger.warn('The sink refuses the event', { id: event.id, status: result.status });
        return 'refused';
      }
      const cause = result.outcome === 'refused' ? `status ${result.status}` : result.message;
      if (attempt === 1) logger.info('The sink does not take the event yet', { id: event.id, cause });
      if (attempt >= maxAttempts) return 'retries-exhausted';
      await sleep(clock, Math.max(backoffMs(attempt, maxWaitMs), askedForMs(result, clock)), signal);
    }
  } catch (error) {
    if (signal.aborted) return 'aborted';
    throw error;
  }
}

/** Doubles from 0.2 s. */
function backoffMs(attempt: number, maxWaitMs: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), maxWaitMs);
}

function askedForMs(result: PostOutcome, clock: Clock): number {
  const header = result.outcome === 'refused' ? result.retryAfter : undefined;
  return Math.min(parseRetryAfterMs(header, clock.now()) ?? 0, MAX_RETRY_AFTER_MS);
}
