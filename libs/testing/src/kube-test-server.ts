import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@millrace/eventing-api';

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Handler = (request: SeenRequest, response: ServerResponse) => boolean;

interface OpenWatch {
  readonly collection: string;
  readonly response: ServerResponse;
}

interface Change {
  readonly version: number;
  readonly collection: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/**
 * The part of a Kubernetes API that the specs of this library need, over real HTTP: REST with optimistic concurrency, paged lists, watches from a version, 410 below the
 * compacted one. It keeps everything in memory and does what a test tells it to do wrong.
 */
export class KubeTestServer {
  readonly requests: SeenRequest[] = [];
  /** Asked first; true = it has answered. */
  intercept: Handler = () => false;
  /** How a version that is gone is told: as HTTP 410, or as an ERROR line in a 200. */
  goneAs: 'http' | 'line' = 'line';
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = new Set<OpenWatch>();
  readonly #sockets = new Set<Socket>();
  #history: Change[] = [];
  #compactedTo = 0;
  #version = 100;
  #connections = 0;
  #server: Server | undefined;
  #port = 0;
  #folder = '';

  static async start(): Promise<KubeTestServer> {
    const server = new KubeTestServer();
    server.#folder = await mkdtemp(join(tmpdir(), 'kube-test-server-'));
    await server.listen();
    await writeFile(server.kubeconfig, kubeconfigFor(server.url));
    // The client loads it at its first request; here, so that no spec has to reckon with the time that takes.
    await import('@kubernetes/client-node');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get kubeconfig(): string {
    return join(this.#folder, 'kubeconfig');
  }

  /** TCP connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  get currentVersion(): string {
    return String(this.#version);
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  requestsOf(method: string, path: string): SeenRequest[] {
    return this.requests.filter((request) => request.method === method && request.path === path);
  }

  watchesOf(path: string): SeenRequest[] {
    return this.requestsOf('GET', path).filter(({ query }) => query.has('watch'));
  }

  listsOf(path: string): SeenRequest[] {
    return this.requestsOf('GET', path).filter(({ query }) => !query.has('watch'));
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#receive(request, response));
    server.on('connection', (socket) => {
      this.#connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Stops answering; connections are cut. */
  async unlisten(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    this.#watches.clear();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.unlisten();
    await rm(this.#folder, { recursive: true });
  }

  /** Writes an object as somebody else would: no request is needed. */
  put(object: KubeObject): KubeObject {
    const collection = collectionOf(object);
    const id = `${collection}/${object.metadata.name ?? ''}`;
    return this.#store(id, collection, object);
  }

  remove(object: KubeObject): void {
    this.#remove(`${collectionOf(object)}/${object.metadata.name ?? ''}`);
  }

  /** Forgets history up to now: a watch from an earlier version is answered 410. */
  compact(): void {
    this.#version += 1;
    this.#compactedTo = this.#version;
    this.#history = [];
  }

  /** Loses everything, versions included, as an API whose disk was replaced. */
  loseEverything(): void {
    this.#objects.clear();
    this.#history = [];
    this.#compactedTo = 0;
    this.#version = 0;
  }

  /** Sends bytes on each open watch. */
  sendRaw(bytes: string | Uint8Array): void {
    for (const { response } of this.#watches) response.write(bytes);
  }

  sendBookmark(version = this.currentVersion): void {
    const object = { metadata: { resourceVersion: version } };
    this.sendRaw(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Ends each watch as an API does after `timeoutSeconds`. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
    this.#watches.clear();
  }

  /** Forgets the watches without telling the other end: their sockets stay open and silent. */
  silenceWatches(): void {
    this.#watches.clear();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.requests.push(seen);
    if (!this.intercept(seen, response)) this.#answer(seen, response);
  }

  #answer(request: SeenRequest, response: ServerResponse): void {
    const { method, path, query } = request;
    if (isCollection(path)) {
      if (method === 'POST') this.#create(path, request.body as KubeObject, response);
      else if (query.has('watch')) this.#watch(path, query, response);
      else this.#list(path, query, response);
      return;
    }
    const id = path.replace(/\/status$/, '');
    const stored = this.#objects.get(id);
    if (stored === undefined) sendStatus(response, 404, 'NotFound', `"${path}" not found`);
    else if (method === 'GET') sendJson(response, 200, stored);
    else if (method === 'DELETE') sendJson(response, 200, this.#remove(id) ?? {});
    else if (method === 'PATCH') this.#write(id, request, merged(stored, request.body as KubeObject), response);
    else this.#write(id, request, replaced(stored, request.body as KubeObject, path !== id), response);
  }

  #create(collection: string, object: KubeObject, response: ServerResponse): void {
    const id = `${collection}/${object.metadata.name ?? ''}`;
    if (this.#objects.has(id)) sendStatus(response, 409, 'AlreadyExists', `"${id}" already exists`);
    else sendJson(response, 201, this.#store(id, collection, object));
  }

  #write(id: string, request: SeenRequest, next: KubeObject, response: ServerResponse): void {
    const sentVersion = (request.body as Partial<KubeObject>).metadata?.resourceVersion;
    if (sentVersion !== undefined && sentVersion !== this.#objects.get(id)?.metadata.resourceVersion) {
      sendStatus(response, 409, 'Conflict', `"${id}" has been modified`);
    } else sendJson(response, 200, this.#store(id, id.slice(0, id.lastIndexOf('/')), next));
  }

  #list(collection: string, query: URLSearchParams, response: ServerResponse): void {
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit') ?? Infinity);
    const all = [...this.#objects].filter(([id]) => inCollection(id, collection)).map(([, object]) => object);
    const more = end < all.length ? { continue: String(end) } : {};
    const metadata = { resourceVersion: String(this.#version), ...more };
    sendJson(response, 200, { apiVersion: 'v1', kind: 'List', metadata, items: all.slice(start, end) });
  }

  #watch(collection: string, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion') ?? 0);
    if ((from < this.#compactedTo || from > this.#version) && this.goneAs === 'http') {
      sendStatus(response, 410, 'Expired', 'too old resource version');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.#compactedTo || from > this.#version) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    for (const change of this.#history) {
      if (change.version > from && inCollection(`${change.collection}/x`, collection)) response.write(lineOf(change));
    }
    const watch = { collection, response };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
  }

  #store(id: string, collection: string, object: KubeObject): KubeObject {
    const previous = this.#objects.get(id);
    this.#version += 1;
    const metadata = {
      ...object.metadata,
      uid: previous?.metadata.uid ?? `uid-${this.#version}`,
      resourceVersion: String(this.#version),
    };
    const stored = { ...object, metadata };
    this.#objects.set(id, stored);
    this.#tell({
      version: this.#version,
      collection,
      type: previous === undefined ? 'ADDED' : 'MODIFIED',
      object: stored,
    });
    return stored;
  }

  #remove(id: string): KubeObject | undefined {
    const previous = this.#objects.get(id);
    if (previous === undefined) return undefined;
    this.#version += 1;
    this.#objects.delete(id);
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(this.#version) } };
    this.#tell({ version: this.#version, collection: id.slice(0, id.lastIndexOf('/')), type: 'DELETED', object });
    return object;
  }

  #tell(change: Change): void {
    this.#history.push(change);
    for (const { collection, response } of this.#watches) {
      if (inCollection(`${change.collection}/x`, collection)) response.write(lineOf(change));
    }
  }
}

/** A ConfigMap, the plainest of objects. */
export function configMap(name: string, value = '', namespace = 'default'): KubeObject & { data: { value: string } } {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { value } };
}

/** Where ConfigMaps of all namespaces are listed and watched. */
export const CONFIG_MAPS = '/api/v1/configmaps';

export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

function lineOf({ type, object }: Change): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function isCollection(path: string): boolean {
  return /^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[^/]+$/.test(path);
}

/** True when the object stands in the collection, or in one of its namespaces. */
function inCollection(id: string, collection: string): boolean {
  const [own, plural] = [id.slice(0, id.lastIndexOf('/')), collection.slice(collection.lastIndexOf('/') + 1)];
  const root = collection.slice(0, collection.lastIndexOf('/'));
  return own === collection || (own.startsWith(`${root}/namespaces/`) && own.endsWith(`/${plural}`));
}

function collectionOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${kind.toLowerCase()}s`;
}

function merged(stored: KubeObject, patch: KubeObject): KubeObject {
  return { ...stored, ...patch, metadata: { ...stored.metadata, ...patch.metadata } };
}

function replaced(stored: KubeObject, sent: KubeObject, statusOnly: boolean): KubeObject {
  return statusOnly ? { ...stored, status: sent['status'] } : { ...sent, status: stored['status'] };
}
