import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { RESOURCE_DEFINITIONS, silentLogger, systemClock, type Clock } from '@millrace/eventing-api';
import { KubeApiServer } from '../src/server/kube-api-server.js';
import { ObjectStore } from '../src/storage/object-store.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests read what they expect; a wrong guess fails the assertion.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface WatchEvent {
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly object: any;
}

export const CHANNELS = '/apis/eventing.knative.dev/v1alpha1/namespaces/default/channels';
export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const MERGE = { 'content-type': 'application/merge-patch+json' };

/** A real API on a port of its own over a temporary data directory. */
export class TestApi {
  readonly directory = mkdtempSync(join(tmpdir(), 'kube-api-'));
  readonly podLogDir = join(this.directory, 'logs');
  readonly #clock: Clock;
  #server: KubeApiServer;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#server = this.#newServer();
  }

  static async start(clock?: Clock): Promise<TestApi> {
    const api = new TestApi(clock);
    await api.#server.start();
    return api;
  }

  get url(): string {
    return this.#server.url();
  }

  async restart(): Promise<void> {
    await this.#server.close();
    this.#server = this.#newServer();
    await this.#server.start();
  }

  /** Restarts with an empty history. */
  async compact(): Promise<void> {
    await this.#server.close();
    const store = ObjectStore.open(join(this.directory, 'data'), this.#clock);
    store.compact(0, Infinity);
    store.close();
    await this.restart();
  }

  async stop(): Promise<void> {
    await this.#server.close();
    rmSync(this.directory, { recursive: true });
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get = (path: string) => this.request('GET', path);
  post = (path: string, body: unknown) => this.request('POST', path, body);
  put = (path: string, body: unknown) => this.request('PUT', path, body);
  merge = (path: string, patch: unknown) => this.request('PATCH', path, patch, MERGE);
  delete = (path: string, options?: unknown) => this.request('DELETE', path, options);

  async watch(path: string, query: Record<string, string> = {}): Promise<TestWatch> {
    const abort = new AbortController();
    const parameters = new URLSearchParams({ watch: 'true', ...query }).toString();
    const response = await fetch(`${this.url}${path}?${parameters}`, { signal: abort.signal });
    return new TestWatch(response, abort);
  }

  #newServer(): KubeApiServer {
    const { directory, podLogDir } = this;
    const dataDir = join(directory, 'data');
    const options = { host: '127.0.0.1', port: 0, dataDir, podLogDir, definitions: RESOURCE_DEFINITIONS };
    return new KubeApiServer(options, this.#clock, silentLogger);
  }
}

export class TestWatch {
  readonly #lines: AsyncIterator<string>;
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    this.#lines = createInterface({ input: body })[Symbol.asyncIterator]();
    this.#abort = abort;
  }

  /** Undefined when the stream has ended. */
  async next(): Promise<WatchEvent | undefined> {
    const line = await this.#lines.next();
    return line.done ? undefined : (JSON.parse(line.value) as WatchEvent);
  }

  async take(count: number): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (!event) break;
      events.push(event);
    }
    return events;
  }

  stop(): void {
    this.#abort.abort();
  }
}

/** The names of the objects of a list. */
export function namesOf(list: unknown): string[] {
  return (list as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
}

/** Asks again until `check` holds, for what happens in the background. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 5_000;
  while (!(await check())) {
    if (Date.now() > deadlineMs) throw new Error('what was expected did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function channel(name: string, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Channel',
    metadata: { name },
    spec: { provisioner: { name: 'in-memory' } },
    ...rest,
  };
}

export function configMap(name: string, metadata: Record<string, unknown> = {}): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data: { a: '1' } };
}
