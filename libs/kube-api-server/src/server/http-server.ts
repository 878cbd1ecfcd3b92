import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Logger } from '@millrace/eventing-api';
import { failure, StatusError, type Status } from '../rest/status-error.js';
import type { ApiAnswer, ApiRequest } from './api-exchange.js';
import { isLoopback, refuseForeign } from './loopback.js';
import { readRequestBody } from './read-request-body.js';

const CLOSE_GRACE_MS = 1_000;

/** The port of the API: reads requests, writes what `answer` makes of them, and keeps account of the streams that are open. */
export class HttpServer {
  readonly #answer: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #openStreams = new Set<() => void>();

  constructor(answer: (request: ApiRequest) => Promise<ApiAnswer>, clock: Clock, logger: Logger) {
    this.#answer = answer;
    this.#clock = clock;
    this.#logger = logger;
    this.#server = createServer(
      { connectionsCheckingInterval: 1_000, headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 },
      (request, response) => void this.#handle(request, response),
    );
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  /** The port that is listened on; 0 before that. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** @throws Error with one sentence when the address is not a loopback address or is taken. */
  async listen(host: string, port: number): Promise<void> {
    if (!isLoopback(host)) {
      throw new Error(`The API has no authentication and listens on loopback addresses only, not on ${host}.`);
    }
    this.#server.listen(port, host);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
        throw new Error(`The API port ${host}:${port} is taken by another program.`, { cause: error });
      }
      throw error;
    }
  }

  /** Ends the streams in good order, lets requests under way be answered, and closes the port. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const end of this.#openStreams) end();
    this.#server.closeIdleConnections();
    const grace = this.#clock.schedule(CLOSE_GRACE_MS, () => this.#server.closeAllConnections());
    await closed;
    grace.cancel();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('audit-id', randomUUID());
    response.setHeader('cache-control', 'no-cache, private');
    try {
      this.#write(response, await this.#answer(await this.#read(request)));
    } catch (error) {
      // The client is gone, or the answer had begun: nobody would understand a Status now.
      if (request.errored || response.headersSent) response.destroy();
      else
        this.#writeStatus(response, error instanceof StatusError ? error.status : this.#internalError(request, error));
    }
  }

  async #read(request: IncomingMessage): Promise<ApiRequest> {
    const { host, origin, accept, 'content-type': contentType } = request.headers;
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const body = await readRequestBody(request);
    refuseForeign(host, origin);
    return { method: request.method ?? '', path, query: new URLSearchParams(query), accept, contentType, body };
  }

  #write(response: ServerResponse, answer: ApiAnswer): void {
    if (response.destroyed) return;
    if ('stream' in answer) {
      const end = answer.stream(response);
      this.#openStreams.add(end);
      response.once('close', () => this.#openStreams.delete(end));
    } else {
      response.writeHead(answer.status, {
        'content-type': answer.contentType,
        'content-length': Buffer.byteLength(answer.body),
        ...answer.headers,
      });
      response.end(answer.body);
    }
  }

  #writeStatus(response: ServerResponse, status: Status): void {
    this.#write(response, { status: status.code, contentType: 'application/json', body: JSON.stringify(status) });
  }

  #internalError({ method, url }: IncomingMessage, error: unknown): Status {
    this.#logger.error('a request to the API failed', { method, url, error });
    return failure(
      500,
      'InternalError',
      `Internal error occurred: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}
