import type { Clock, Timer } from '@millrace/eventing-api';
import type { Client, Dispatcher } from 'undici';
import type { BudgetTaker, FairShare } from '../sharing/fair-budget.js';
import type { AttemptFailure, AttemptResult } from './attempt-result.types.js';

/** An address to POST to, taken apart once. */
export interface HttpAddress {
  /** For people, and for whoever reads a dead letter: as it was given, without a password. */
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
  /** Where the bytes of answers that are kept come from. */
  readonly answerBytes: FairShare;
  /** The attempt was called off before it was started. */
  onCancelled(attempt: Attempt): void;
  /** `connection` can take the next attempt; undici makes it anew where it is gone. */
  onReleased(connection: Client): void;
}

/** Most bytes of an answer that is no success that are kept, for a dead letter (eventing-kafka-broker's limit). */
export const MAX_ERROR_BYTES = 1024;

/** Ends a request inside undici; nobody sees it. */
const SETTLED = new Error('The attempt has been settled.');

/**
 * One HTTP attempt from its start to its result; undici tells it what comes in. It has its own time-out, since undici has none for a request as a
 * whole, and its own limit for the answer. The result is given exactly once, the connection given back exactly once, in either order.
 */
export class Attempt implements Dispatcher.DispatchHandler, BudgetTaker {
  private startedAtMs = 0;
  private timer: Timer | undefined;
  private connection: Client | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private status = 0;
  private retryAfter: string | undefined;
  private rawHeaders: string[] | undefined;
  private chunks: Buffer[] | undefined;
  private receivedBytes = 0;
  private errorBody: Buffer | undefined;
  /** Of the budget of answer bytes: what it has or waits for. */
  private reservedBytes = 0;
  private reservation: Timer | undefined;

  constructor(
    readonly posting: Posting,
    private readonly holder: ConnectionHolder,
    private readonly clock: Clock,
    private readonly onResult: (result: AttemptResult) => void,
  ) {}

  /** The attempt has been given a connection, made or yet to be made: its time runs from now on. */
  start(connection: Client): void {
    this.connection = connection;
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
      this.retryAfter = firstValue(headers['retry-after']);
    } else if (status === 200 && this.posting.wantsMessage) {
      this.rawHeaders = (controller.rawHeaders as readonly Buffer[]).map((part) => part.toString('latin1'));
      this.chunks = [];
      this.reserve(controller, firstValue(headers['content-length']));
    }
  }

  /** The answer may be read: there is room for it. */
  onGranted(): void {
    this.reservation = undefined;
    // Not from within what gave way to it: that may be the reader of another answer, and undici's is not to be called twice at one time.
    queueMicrotask(() => this.controller?.resume());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > this.holder.maxResponseBytes) {
      this.cutOff('response-too-large', `The answer is larger than ${this.holder.maxResponseBytes} bytes.`);
      controller.abort(SETTLED);
    } else if (this.chunks) {
      this.chunks.push(chunk);
    } else if (this.status >= 300) {
      this.keepError(chunk);
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

  /** The answer will not come in whole. Unless it may hold a reply it has said all that counts with its status; 1xx is none. */
  private cutOff(reason: AttemptFailure, message: string): void {
    if (this.status >= 200 && !this.chunks) this.answered();
    else this.settle({ outcome: 'failed', reason, message, latencyMs: this.latencyMs() });
  }

  private answered(): void {
    if (this.settled) return;
    const { status, retryAfter, rawHeaders, chunks, errorBody } = this;
    const message = rawHeaders && chunks ? { rawHeaders, body: joined(chunks) } : undefined;
    if (message) this.keepReserved(message.body.length);
    this.settle({ outcome: 'answered', status, latencyMs: this.latencyMs(), retryAfter, message, errorBody });
  }

  /** An answer of unknown length may become as large as any. */
  private reserve(controller: Dispatcher.DispatchController, contentLength: string | undefined): void {
    const { answerBytes, maxResponseBytes } = this.holder;
    const declaredBytes = Number(contentLength);
    this.reservedBytes = declaredBytes < maxResponseBytes ? declaredBytes : maxResponseBytes;
    if (this.reservedBytes === 0) return;
    this.reservation = answerBytes.take(this.reservedBytes, this);
    if (this.reservation) controller.pause();
  }

  /** From here on so many of the bytes reserved are another's to give back. */
  private keepReserved(bytes: number): void {
    const unused = this.reservedBytes - bytes;
    this.reservedBytes = 0;
    if (unused > 0) this.holder.answerBytes.give(unused);
  }

  private keepError(chunk: Buffer): void {
    const kept = this.errorBody?.length ?? 0;
    if (kept === MAX_ERROR_BYTES) return;
    const more = chunk.subarray(0, MAX_ERROR_BYTES - kept);
    // A copy: the chunk may be a small part of a large buffer.
    this.errorBody = this.errorBody ? Buffer.concat([this.errorBody, more]) : Buffer.from(more);
  }

  private settle(result: AttemptResult): void {
    if (this.settled) return;
    this.settled = true;
    if (this.reservation) this.reservation.cancel();
    else if (this.reservedBytes > 0) this.holder.answerBytes.give(this.reservedBytes);
    if (this.timer) this.timer.cancel();
    else this.holder.onCancelled(this);
    this.onResult(result);
  }

  private release(): void {
    const { connection } = this;
    if (!connection) return;
    this.connection = undefined;
    this.holder.onReleased(connection);
  }

  private latencyMs(): number {
    return this.clock.now() - this.startedAtMs;
  }
}

function firstValue(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

function describeError(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
