import type { Clock, Timer } from '@millrace/eventing-api';
import type { Dispatcher } from 'undici';
import type { AttemptFailure, AttemptResult } from './attempt-result.types.js';

/** An address to POST to, taken apart once. */
export interface HttpAddress {
  /** As it was given, for people. */
  readonly url: string;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

/** What to POST. */
export interface Posting {
  readonly address: HttpAddress;
  /** Flat list. */
  readonly headers: string[];
  readonly body: Buffer;
  /** Milliseconds from the start of the attempt to the end of the answer, making a connection included. */
  readonly timeoutMs: number;
  /** Keep headers and body of a 200. */
  readonly wantsMessage: boolean;
}

/** Who is told when an attempt needs its connection no more. */
export interface ConnectionHolder {
  /** Most bytes of an answer that are read. */
  readonly maxResponseBytes: number;
  /** The attempt was called off before it was started. */
  onCancelled(attempt: Attempt): void;
  /** The connection is free, or gone. */
  onReleased(attempt: Attempt): void;
}

/** Ends a request inside undici; nobody sees it. */
const SETTLED = new Error('The attempt has been settled.');

/**
 * One HTTP attempt from its start to its result; undici tells it what comes in. It has its own time-out, since undici has none for a request as a
 * whole, and its own limit for the answer. The result is given exactly once, the connection given back exactly once, in either order.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  private startedAtMs = 0;
  private timer: Timer | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private released = false;
  private status = 0;
  private retryAfter: string | undefined;
  private rawHeaders: string[] | undefined;
  private chunks: Buffer[] | undefined;
  private receivedBytes = 0;

  constructor(
    readonly posting: Posting,
    private readonly holder: ConnectionHolder,
    private readonly clock: Clock,
    private readonly onResult: (result: AttemptResult) => void,
  ) {}

  /** The attempt has been given a connection, or leave to make one: its time runs from now on. */
  start(): void {
    this.startedAtMs = this.clock.now();
    this.timer = this.clock.schedule(this.posting.timeoutMs, () => this.onTimeout());
  }

  /** Its result is `aborted` unless it has one; given at once. */
  cancel(): void {
    this.settle({ outcome: 'aborted' });
    this.controller?.abort(SETTLED);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A throw at this point takes the request back without harm to the connection.
    if (this.settled) throw SETTLED;
    this.controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Comes more than once where 1xx go before the answer.
    this.status = status;
    if (status === 429 || status === 503) {
      const retryAfter = headers['retry-after'];
      this.retryAfter = typeof retryAfter === 'string' ? retryAfter : retryAfter?.[0];
    } else if (status === 200 && this.posting.wantsMessage) {
      this.rawHeaders = (controller.rawHeaders as readonly Buffer[]).map((part) => part.toString('latin1'));
      this.chunks = [];
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > this.holder.maxResponseBytes) {
      this.cutOff('response-too-large', `The answer is larger than ${this.holder.maxResponseBytes} bytes.`);
      controller.abort(SETTLED);
    } else {
      this.chunks?.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.answered();
    this.release();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.controller) this.failed(error);
    // Undici tells of a request that it cannot even start from within the call that asks for it.
    else queueMicrotask(() => this.failed(error));
  }

  private failed(error: Error): void {
    if (!this.settled) this.cutOff('connection-failed', describeError(error));
    this.release();
  }

  private onTimeout(): void {
    this.cutOff('timeout', `No complete answer within ${this.posting.timeoutMs} ms.`);
    this.controller?.abort(SETTLED);
  }

  /** The answer will not come in whole. One that is no success has said all that counts with its status. */
  private cutOff(reason: AttemptFailure, message: string): void {
    if (this.status >= 300) this.answered();
    else this.settle({ outcome: 'failed', reason, message, latencyMs: this.latencyMs() });
  }

  private answered(): void {
    const { status, retryAfter, rawHeaders, chunks } = this;
    const message = rawHeaders && chunks ? { rawHeaders, body: joined(chunks) } : undefined;
    this.settle({ outcome: 'answered', status, latencyMs: this.latencyMs(), retryAfter, message });
  }

  private settle(result: AttemptResult): void {
    if (this.settled) return;
    this.settled = true;
    if (this.timer) this.timer.cancel();
    else this.holder.onCancelled(this);
    this.onResult(result);
  }

  private release(): void {
    if (this.released) return;
    this.released = true;
    this.holder.onReleased(this);
  }

  private latencyMs(): number {
    return this.clock.now() - this.startedAtMs;
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

function describeError(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
