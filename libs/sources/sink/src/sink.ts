import { HTTP, type CloudEvent } from 'cloudevents';
import { Agent, request } from 'undici';

/** What came of one POST. */
export type PostOutcome =
  | { readonly outcome: 'accepted' }
  /** `retryable`: another attempt may succeed. `retryAfterMs`: the sink says when. */
  | {
      readonly outcome: 'refused';
      readonly status: number;
      readonly retryable: boolean;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly outcome: 'unreachable'; readonly message: string };

/** Codes below 500 after which another attempt makes sense (Knative data plane contract; 404 because a Channel may come late). */
const RETRYABLE_CODES = new Set([404, 408, 409, 429]);

/** Where the CloudEvents go: POSTs in binary mode, each bounded in time; redirects are not followed. */
export class Sink {
  private readonly dispatcher = new Agent({ connections: 1, pipelining: 1, keepAliveTimeout: 30_000 });

  constructor(
    private readonly url: string,
    private readonly attemptTimeoutMs: number,
  ) {}

  /** Rejects only when `signal` aborts. */
  async post(event: CloudEvent<unknown>, signal: AbortSignal): Promise<PostOutcome> {
    const message = HTTP.binary(event);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.attemptTimeoutMs)]);
    try {
      const response = await request(this.url, {
        method: 'POST',
        headers: message.headers as Record<string, string>,
        body: message.body as string,
        dispatcher: this.dispatcher,
        signal: limit,
      });
      // The body is nobody's business, but the connection is free only behind it.
      await response.body.dump({ limit: 65_536, signal: limit });
      return outcomeOf(response.statusCode, response.headers['retry-after']);
    } catch (error) {
      signal.throwIfAborted();
      return { outcome: 'unreachable', message: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}

function outcomeOf(status: number, retryAfter: string | string[] | undefined): PostOutcome {
  if (status >= 200 && status < 300) return { outcome: 'accepted' };
  const retryable = status >= 500 || RETRYABLE_CODES.has(status);
  const isDelay = typeof retryAfter === 'string' && /^\d+$/.test(retryAfter);
  const honoured = isDelay && (status === 429 || status === 503);
  return { outcome: 'refused', status, retryable, retryAfterMs: honoured ? Number(retryAfter) * 1000 : undefined };
}
