import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Health, Logger, ProcessPart } from '@millrace/eventing-api';
import { IntakeCounters } from '../accounting/intake-counters.js';
import type { ChannelAddress, ChannelIntake } from './channel-intake.types.js';
import { answerClientError } from './client-error.js';
import { IntakeExchange, type ExchangeContext } from './intake-exchange.js';
import type { IntakeLimits } from './intake-limits.js';

/** Milliseconds that a connection without a request is kept: longer than the clients and load balancers that reuse it, so that they close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Milliseconds between two looks for requests that are too slow; by default node looks every 30 s. */
const SLOW_REQUEST_CHECK_MS = 1000;

/** What an intake server is made of. */
export interface IntakeServerOptions {
  /** Of the part and of its port. */
  readonly name: string;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly limits: IntakeLimits;
  /** The Channel that a host (lower case, with its port) and a path (without query) name. Hot path; must not throw. */
  readonly locate: (host: string, path: string) => ChannelAddress | undefined;
  readonly intake: ChannelIntake;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether Channels can be told apart yet; until then every request gets 503. Default: always. */
  readonly ready?: (() => boolean) | undefined;
}

/**
 * The port where producers POST events (Knative Eventing data plane contract, "Event delivery"): method, address, size and form are checked here,
 * the rest is the business of `ChannelIntake`. It answers 503 until `ready` and from `stopIntake` on.
 */
export class IntakeServer implements ProcessPart {
  readonly name: string;
  readonly counters = new IntakeCounters();
  private readonly server: Server;
  private readonly context: ExchangeContext;
  /** The last request of each connection. */
  private readonly exchanges = new WeakMap<Duplex, IntakeExchange>();
  private readonly idleListeners: (() => void)[] = [];
  private stopping = false;

  constructor(private readonly options: IntakeServerOptions) {
    const { limits, intake, clock, logger, locate } = options;
    this.name = options.name;
    this.context = {
      limits,
      counters: this.counters,
      intake,
      clock,
      logger,
      locate,
      closedBecause: () => this.closedBecause(),
      endsConnections: () => this.stopping,
      onEnd: () => this.tellWhenIdle(),
    };
    this.server = createServer({
      maxHeaderSize: limits.maxHeaderBytes,
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: SLOW_REQUEST_CHECK_MS,
    });
    // Node drops the headers beyond 2000 without a word, attributes among them; their size is limited anyway.
    this.server.maxHeadersCount = 0;
    this.server.on('request', (request, response) => this.begin(request, response, false));
    this.server.on('checkContinue', (request, response) => this.begin(request, response, true));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      answerClientError(error, socket, this.exchanges.get(socket)),
    );
  }

  /** Rejects when the port cannot be had. */
  start(): Promise<void> {
    const { host, port, logger } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => {
        this.server.off('error', reject);
        // A connection that could not be taken (no file handle left) must not end the process.
        this.server.on('error', (error) => logger.error('connection not taken', { port: this.name, error }));
        resolve();
      });
    });
  }

  ports(): Readonly<Record<string, number>> {
    const address = this.server.address() as AddressInfo | null;
    return address ? { [this.name]: address.port } : {};
  }

  /** Answers every new request with 503 and the last one of each connection with `Connection: close`. Idempotent. */
  stopIntake(): Promise<void> {
    this.stopping = true;
    this.server.closeIdleConnections();
    return Promise.resolve();
  }

  /** Waits until every request is answered, or `deadline` aborts. */
  drain(deadline: AbortSignal): Promise<void> {
    if (this.counters.requestsInFlight === 0 || deadline.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.idleListeners.push(resolve);
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Ends every connection, answered or not. Idempotent. */
  close(): Promise<void> {
    this.stopping = true;
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  health(): Health {
    const message = this.closedBecause();
    return message === undefined ? { status: 'up' } : { status: 'down', message };
  }

  private begin(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const exchange = new IntakeExchange(this.context, request, response);
    this.exchanges.set(request.socket, exchange);
    exchange.start(expectsContinue);
  }

  private closedBecause(): string | undefined {
    if (this.stopping) return 'This server is shutting down; send again.';
    if (this.options.ready && !this.options.ready()) return 'This server does not know its Channels yet; send again.';
    return undefined;
  }

  private tellWhenIdle(): void {
    if (this.counters.requestsInFlight > 0) return;
    for (const resolve of this.idleListeners.splice(0)) resolve();
  }
}
