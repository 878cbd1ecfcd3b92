import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Logger } from '@millrace/eventing-api';
import { CHANNEL_UID_HEADER, readEvents } from '@millrace/cloudevents-http';
import type { IntakeCounters } from '../accounting/intake-counters.js';
import { writeAnswer, type Answer } from './answer.js';
import type { ChannelAddress, ChannelIntake, IntakeResult } from './channel-intake.types.js';
import type { IntakeLimits } from './intake-limits.js';
import { intakeStatus } from './intake-status.js';
import { hasSecondHost, headerOf, requestTarget } from './request-target.js';

/** What an exchange needs of its server. */
export interface ExchangeContext {
  readonly limits: IntakeLimits;
  readonly counters: IntakeCounters;
  readonly intake: ChannelIntake;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly locate: (host: string, path: string) => ChannelAddress | undefined;
  /** Why nothing is taken in now; undefined while it is. */
  readonly closedBecause: () => string | undefined;
  /** Whether an answer is the last one on its connection. */
  readonly endsConnections: () => boolean;
  readonly onEnd: () => void;
}

const METHODS = { allow: 'POST, OPTIONS' };
/** Knative Eventing: any origin may send at any rate (CloudEvents web hook 1.0.2 section 4.2). */
const WEB_HOOK = { ...METHODS, 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' };

const ACCEPTED: Answer = { status: 202 };

/** One request of a producer from its headers to its answer. Hot path: callbacks only, one listener for each thing that can happen. */
export class IntakeExchange {
  private readonly startedAtMs: number;
  private chunks: Buffer[] = [];
  private bodyBytes = 0;
  private handedOver = false;
  private ended = false;

  constructor(
    private readonly context: ExchangeContext,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.startedAtMs = context.clock.now();
    context.counters.requestsInFlight++;
  }

  /**
   * Whether an answer to a fault of the connection would be understood as such: nothing else is to be answered first, and this request is either
   * over and done with or the one that the fault is in.
   */
  get canBlameConnection(): boolean {
    const { request, response } = this;
    if (request.complete) return response.writableFinished;
    // The responses behind another one have no socket yet.
    return !this.ended && response.socket !== null;
  }

  /** @param expectsContinue the producer sends the body only when asked to (`Expect: 100-continue`) */
  start(expectsContinue: boolean): void {
    const answer = this.answerWithoutReading();
    if (answer) {
      this.answer(answer);
      return;
    }
    const target = requestTarget(this.request);
    if (!target || hasSecondHost(this.request.rawHeaders)) {
      this.answer({ status: 400, message: 'The request needs one host and one path.' });
      return;
    }
    const located = this.context.locate(target.host, target.path);
    if (!located) {
      this.answer({ status: 404, message: `No Channel is at host "${cut(target.host)}", path "${cut(target.path)}".` });
      return;
    }
    const channel = this.withUid(located);
    const tooMuch = this.refusalOf(Number(this.request.headers['content-length'] ?? 0));
    if (tooMuch) {
      this.answer(tooMuch);
      return;
    }
    if (expectsContinue) this.response.writeContinue();
    this.readBody(channel);
  }

  /** Method and state: what can be said without looking any further. */
  private answerWithoutReading(): Answer | undefined {
    const { method } = this.request;
    if (method === 'OPTIONS') return { status: 200, headers: WEB_HOOK };
    if (method !== 'POST') {
      return { status: 405, headers: METHODS, message: `Events are sent with POST, not ${method ?? ''}.` };
    }
    const closed = this.context.closedBecause();
    return closed === undefined ? undefined : { status: 503, message: closed };
  }

  private withUid(channel: ChannelAddress): ChannelAddress {
    const uid = headerOf(this.request, CHANNEL_UID_HEADER);
    return uid === undefined ? channel : { ...channel, uid };
  }

  private readBody(channel: ChannelAddress): void {
    const { request } = this;
    request.on('data', (chunk: Buffer) => this.take(chunk));
    request.on('end', () => {
      if (!this.ended) this.handOver(channel);
    });
    request.on('close', () => {
      if (!this.ended && !this.handedOver) this.abandon();
    });
  }

  private take(chunk: Buffer): void {
    if (this.ended) return;
    const refusal = this.refusalOf(chunk.length);
    if (refusal) {
      this.answer(refusal);
      return;
    }
    this.bodyBytes += chunk.length;
    this.context.counters.bytesInFlight += chunk.length;
    this.chunks.push(chunk);
  }

  /** Why `bytes` more cannot be taken, if they cannot. */
  private refusalOf(bytes: number): Answer | undefined {
    const { limits, counters } = this.context;
    if (this.bodyBytes + bytes > limits.maxEventBytes) {
      return { status: 413, message: `The request is larger than the limit of ${limits.maxEventBytes} bytes.` };
    }
    if (counters.bytesInFlight + bytes > limits.maxBytesInFlight) {
      return { status: 429, message: 'Too many bytes are under way here; send again later.' };
    }
    return undefined;
  }

  private handOver(channel: ChannelAddress): void {
    this.handedOver = true;
    const { rawHeaders } = this.request;
    const body = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    const reading = readEvents(rawHeaders, body);
    if (reading.outcome === 'invalid') {
      this.answer({ status: 400, message: reading.message });
      return;
    }
    const { events } = reading;
    this.context.intake.accept({ channel, events, rawHeaders, body }).then(
      (result) => this.answerResult(result, events.length),
      (error: unknown) => this.answerBug(error),
    );
  }

  private answerResult(result: IntakeResult, events: number): void {
    if (result.outcome === 'accepted') {
      this.context.counters.events += events;
      this.answer(ACCEPTED);
      return;
    }
    const { code, message, retryAfterMs } = result;
    this.answer({ status: intakeStatus(code), message, retryAfterMs });
  }

  private answerBug(error: unknown): void {
    this.context.logger.error('intake failed', { error });
    this.answer({ status: 500, message: 'The event could not be taken in because of a fault of this server.' });
  }

  private answer(answer: Answer): void {
    const { counters, endsConnections, clock } = this.context;
    counters.answer(answer.status);
    counters.latency.observe(clock.now() - this.startedAtMs);
    writeAnswer(this.response, answer, endsConnections());
    this.end();
  }

  private abandon(): void {
    this.context.counters.abandoned++;
    this.end();
  }

  private end(): void {
    const { counters, onEnd } = this.context;
    this.ended = true;
    this.chunks = [];
    counters.requestsInFlight--;
    counters.bytesInFlight -= this.bodyBytes;
    onEnd();
  }
}

/** Enough of what a stranger wrote to recognise it. */
function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
