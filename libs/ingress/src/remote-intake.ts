import { CHANNEL_UID_HEADER } from '@millrace/cloudevents-http';
import { parseRetryAfterMs } from '@millrace/cloudevents-http';
import { type IntakeRejection, type IntakeRequest, type IntakeResult } from '@millrace/delivery';
import { within, type Clock } from '@millrace/eventing-api';
import { Agent, type Dispatcher } from 'undici';
import { endToEndHeaders } from './end-to-end-headers.js';

const ACCEPTED: IntakeResult = { outcome: 'accepted' };
/** More requests than these wait for a connection to their provisioner. */
export const CONNECTIONS_PER_PROVISIONER = 64;
const CONNECT_TIMEOUT_MS = 5_000;
const UNREACHABLE_RETRY_MS = 1_000;
/** A message longer than this is no message of a provisioner. */
const MAX_MESSAGE_LENGTH = 2_000;

/** How long an answer may take, in milliseconds. */
export interface AnswerLimits {
  /** Where it is given once the store has the event, which takes 10 s at most. */
  readonly onceStoredMs: number;
  /** Where it is given once every subscriber has answered, which takes 55 s at most. */
  readonly onceDeliveredMs: number;
}

const ANSWER_LIMITS: AnswerLimits = { onceStoredMs: 15_000, onceDeliveredMs: 60_000 };

/** Hands requests to provisioners in other processes, unchanged. */
export class RemoteIntake {
  /** Its own limits begin when a request has a connection: not used. */
  private readonly agent = new Agent({
    connections: CONNECTIONS_PER_PROVISIONER,
    pipelining: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxResponseSize: 64 * 1024,
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  constructor(
    private readonly clock: Clock,
    private readonly limits = ANSWER_LIMITS,
  ) {}

  /**
   * Posts the request to `<url>/<namespace>/<channel>` and gives the answer as it is. Never throws.
   *
   * @param acknowledgesDelivery whether the provisioner answers for its subscribers, as it declares
   */
  async accept(url: string, request: IntakeRequest, acknowledgesDelivery: boolean): Promise<IntakeResult> {
    const { namespace, name, uid } = request.channel;
    const limitMs = acknowledgesDelivery ? this.limits.onceDeliveredMs : this.limits.onceStoredMs;
    const headers = endToEndHeaders(request.rawHeaders);
    if (uid !== undefined) headers.push(CHANNEL_UID_HEADER, uid);
    const late = new AbortController();
    try {
      const { origin, pathname } = new URL(url);
      const path = `${pathname.replace(/\/$/, '')}/${namespace}/${name}`;
      const { body } = request;
      const { signal } = late;
      const answer = this.agent
        .request({ origin, path, method: 'POST', headers, body, signal })
        .then((response) => this.resultOf(response));
      return await within(this.clock, limitMs, answer, 'no answer');
    } catch (error) {
      // It may still wait for a connection, to a provisioner that is silent: it must not go there when nobody waits for it any more.
      late.abort();
      const cause = error instanceof Error ? error.message : String(error);
      return {
        outcome: 'rejected',
        code: 'unavailable',
        message: `The provisioner of Channel ${namespace}/${name} does not answer: ${cause}`,
        retryAfterMs: UNREACHABLE_RETRY_MS,
      };
    }
  }

  /** Ends what is under way: whoever waits for it is gone by then. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async resultOf({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<IntakeResult> {
    const text = await body.text();
    if (statusCode >= 200 && statusCode < 300) return ACCEPTED;
    const retryAfter = headers['retry-after'];
    return {
      outcome: 'rejected',
      code: rejectionOf(statusCode),
      message: text.trim().slice(0, MAX_MESSAGE_LENGTH) || `The provisioner answered ${statusCode}`,
      retryAfterMs: typeof retryAfter === 'string' ? parseRetryAfterMs(retryAfter, this.clock.now()) : undefined,
    };
  }
}

/** Back from the status to the reason that a provisioner's intake made it of. */
function rejectionOf(status: number): IntakeRejection {
  switch (status) {
    case 404:
      return 'not-found';
    case 408:
      return 'timeout';
    case 413:
      return 'too-large';
    case 429:
      return 'full';
    case 500:
      return 'not-delivered';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
  }
}
