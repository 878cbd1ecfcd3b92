import { classifyStatus } from '@millrace/cloudevents-http';
import { HTTP, type CloudEvent } from 'cloudevents';
import { Agent, request } from 'undici';

/** What came of one POST. */
export type PostOutcome =
  | { readonly outcome: 'accepted' }
  /** `retryable`: another attempt may succeed. `retryAfter`: the sink says when, as the header stands. */
  | {
      readonly outcome: 'refused';
      readonly status: number;
      readonly retryable: boolean;
      readonly retryAfter?: string | undefined;
    }
  | { readonly outcome: 'unreachable'; readonly message: string };

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
  const verdict = classifyStatus(status);
  if (verdict === 'delivered') return { outcome: 'accepted' };
  const isHonoured = typeof retryAfter === 'string' && (status === 429 || status === 503);
  const refusal = { outcome: 'refused', status, retryable: verdict === 'retryable' } as const;
  return isHonoured ? { ...refusal, retryAfter } : refusal;
}
