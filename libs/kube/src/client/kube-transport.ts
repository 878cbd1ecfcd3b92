import { isDeepStrictEqual } from 'node:util';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import type { KubeCredentials, KubeCredentialSource } from './kube-credentials.js';
import { KubeConnectionError } from './kube-errors.js';
import { errorOfAnswer } from './status-error.js';

/** One request to the API. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the server's URL. */
  readonly path: string;
  readonly body?: unknown;
  /** Media type of the body; default `application/json`. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

/** Idle connections are kept this long, unless the server announces less. */
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Sends requests over pooled connections: one pool for as long as server and TLS material stay the same. */
export class KubeTransport {
  readonly #credentials: KubeCredentialSource;
  readonly #userAgent: string;
  #pool: { readonly credentials: KubeCredentials; readonly dispatcher: Dispatcher } | undefined;
  #closed = false;

  constructor(credentials: KubeCredentialSource, userAgent: string) {
    this.#credentials = credentials;
    this.#userAgent = userAgent;
  }

  /** The body of a 2xx answer. Rejects with KubeApiError or KubeConnectionError; no time-out but the signal's. */
  async send(request: KubeRequest): Promise<Dispatcher.ResponseData['body']> {
    const label = `${request.method} ${request.path}`;
    const { statusCode, headers, body } = await this.#dispatch(request, label);
    if (statusCode >= 200 && statusCode < 300) return body;
    if (statusCode === 401) this.#credentials.forget();
    const text = await body.text().catch((error: unknown) => {
      throw connectionError(label, error);
    });
    const retryAfter = headers['retry-after'];
    throw errorOfAnswer({
      request: label,
      code: statusCode,
      body: text,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.dispatcher.destroy();
  }

  async #dispatch(request: KubeRequest, label: string): Promise<Dispatcher.ResponseData> {
    const credentials = await this.#credentials.current();
    if (this.#closed) throw new KubeConnectionError(`${label}: the client is closed`);
    const { server } = credentials;
    try {
      return await this.#poolFor(credentials).request({
        origin: server.origin,
        path: server.pathname.replace(/\/$/, '') + request.path,
        method: request.method,
        headers: {
          ...credentials.headers,
          accept: 'application/json',
          'user-agent': this.#userAgent,
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: request.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    } catch (error) {
      throw connectionError(label, error);
    }
  }

  #poolFor(credentials: KubeCredentials): Dispatcher {
    if (this.#pool === undefined || !sameEndpoint(this.#pool.credentials, credentials)) {
      // Requests under way on the old pool, watches included, may end there.
      void this.#pool?.dispatcher.close();
      this.#pool = { credentials, dispatcher: openPool(credentials) };
    }
    return this.#pool.dispatcher;
  }
}

/** What anything thrown by a socket, a time-out or a parser becomes. */
export function connectionError(label: string, cause: unknown): KubeConnectionError {
  if (cause instanceof KubeConnectionError) return cause;
  return new KubeConnectionError(`${label}: ${describe(cause)}`, { cause });
}

function describe(cause: unknown): string {
  // Node's error for a host with several addresses has no message of its own.
  if (cause instanceof AggregateError) return cause.errors.map(describe).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}

function sameEndpoint(a: KubeCredentials, b: KubeCredentials): boolean {
  if (a === b) return true;
  return a.server.origin === b.server.origin && a.proxyUrl === b.proxyUrl && isDeepStrictEqual(a.tls, b.tls);
}

function openPool({ tls, proxyUrl }: KubeCredentials): Dispatcher {
  // Undefined members would hide undici's and Node's defaults.
  const material = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  const options = { keepAliveTimeout: KEEP_ALIVE_MS, connect: { ...material, timeout: CONNECT_TIMEOUT_MS } };
  return proxyUrl === undefined
    ? new Agent(options)
    : new ProxyAgent({ ...options, uri: proxyUrl, requestTls: material });
}
