import {
  apiVersionOf,
  type KubeList,
  type KubeObject,
  type ObjectKey,
  type ResourceKind,
} from '@millrace/eventing-api';
import { jsonLines } from './json-lines.js';
import { discoveryPath, findKind, type ApiResourceList } from './kind-discovery.js';
import type {
  DeleteOptions,
  KubeClient,
  ListOptions,
  PatchOptions,
  PatchType,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './kube-client.types.js';
import { hasReason, KubeApiError, type KubeStatus } from './kube-errors.js';
import { KubeCredentialSource } from './kube-credentials.js';
import { connectionError, KubeTransport, type KubeRequest } from './kube-transport.js';
import { collectionPath, listQuery, objectPath, watchQuery, writeQuery } from './resource-path.js';
import { errorOfStatus } from './status-error.js';

export interface KubeClientOptions {
  /** Path of a kubeconfig. Default: `$KUBECONFIG`, `~/.kube/config`, the service account of the Pod. */
  readonly kubeconfig?: string | undefined;
  /** Product and version that API logs show: `millrace-controller/1.2.0`. */
  readonly userAgent: string;
  /** Time in which a request (not a watch) must be answered in full. Default 30 s. */
  readonly requestTimeoutMs?: number | undefined;
}

/** A client for the API that the kubeconfig names. Opens and reads nothing until its first use. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const transport = new KubeTransport(new KubeCredentialSource(options.kubeconfig), options.userAgent);
  return new HttpKubeClient(transport, options.requestTimeoutMs ?? 30_000);
}

/** What a line of a watch is before its type has been looked at. */
interface WatchLine<T extends KubeObject> {
  readonly type: WatchEvent['type'] | 'ERROR';
  readonly object: T;
}

/** KubeClient over HTTP. */
class HttpKubeClient implements KubeClient {
  readonly #transport: KubeTransport;
  readonly #requestTimeoutMs: number;
  readonly #kinds = new Map<string, ResourceKind>();

  constructor(transport: KubeTransport, requestTimeoutMs: number) {
    this.#transport = transport;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  async get<T extends KubeObject>(kind: ResourceKind<T>, key: ObjectKey): Promise<T | undefined> {
    return unlessNotFound(this.#call<T>({ method: 'GET', path: objectPath(kind, key) }));
  }

  async list<T extends KubeObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<KubeList<T>> {
    const path = collectionPath(kind, options.namespace) + listQuery(options);
    const list = await this.#call<KubeList<T>>({ method: 'GET', path });
    // Built-in kinds omit these inside a list; whoever writes an item back needs them.
    const apiVersion = apiVersionOf(kind);
    return { ...list, items: (list.items ?? []).map((item) => ({ ...item, apiVersion, kind: kind.kind })) };
  }

  create<T extends KubeObject>(kind: ResourceKind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    if (kind.namespaced && !object.metadata.namespace) throw new TypeError(`A ${kind.kind} needs a namespace`);
    const path = collectionPath(kind, object.metadata.namespace) + writeQuery(options);
    return this.#call<T>({ method: 'POST', path, body: object });
  }

  update<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    return this.#call<T>({ method: 'PUT', path: objectPath(kind, keyOf(object)), body: object });
  }

  updateStatus<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    return this.#call<T>({ method: 'PUT', path: objectPath(kind, keyOf(object), 'status'), body: object });
  }

  patch<T extends KubeObject>(
    kind: ResourceKind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    const path = objectPath(kind, key, options.subresource) + writeQuery(options);
    return this.#call<T>({ method: 'PATCH', path, body: patch, contentType: type });
  }

  async delete(kind: ResourceKind, key: ObjectKey, options: DeleteOptions = {}): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    const answer = this.#call<KubeObject>({ method: 'DELETE', path: objectPath(kind, key), body });
    return (await unlessNotFound(answer)) !== undefined;
  }

  async *watch<T extends KubeObject>(
    kind: ResourceKind<T>,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const { signal } = options;
    if (signal.aborted) return;
    const path = collectionPath(kind, options.namespace) + watchQuery(options);
    try {
      const body = await this.#transport.send({ method: 'GET', path, signal });
      for await (const line of readLines<WatchLine<T>>(body, `watch ${path}`)) {
        if (line.type === 'ERROR') throw errorOfStatus(line.object as KubeStatus);
        yield { type: line.type, object: line.object };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async resolveKind(apiVersion: string, kind: string): Promise<ResourceKind | undefined> {
    const id = `${apiVersion}/${kind}`;
    const known = this.#kinds.get(id);
    if (known !== undefined) return known;
    const resources = await this.#discover(apiVersion);
    const found = findKind(apiVersion, kind, resources);
    if (found !== undefined) this.#kinds.set(id, found);
    return found;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #discover(apiVersion: string): Promise<ApiResourceList> {
    try {
      return await this.#call<ApiResourceList>({ method: 'GET', path: discoveryPath(apiVersion) });
    } catch (error) {
      // A group that nobody serves is answered with a plain page, not with a Status.
      if (error instanceof KubeApiError && error.code === 404) return {};
      throw error;
    }
  }

  async #call<T>(request: Omit<KubeRequest, 'signal'>): Promise<T> {
    const body = await this.#transport.send({ ...request, signal: AbortSignal.timeout(this.#requestTimeoutMs) });
    try {
      return (await body.json()) as T;
    } catch (error) {
      throw connectionError(`${request.method} ${request.path}`, error);
    }
  }
}

async function* readLines<L>(body: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<L, void, undefined> {
  try {
    yield* jsonLines(body) as AsyncGenerator<L, void, undefined>;
  } catch (error) {
    throw connectionError(label, error);
  }
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

function keyOf({ metadata, kind }: KubeObject): ObjectKey {
  if (metadata.name === undefined) throw new TypeError(`A ${kind} to update needs a name`);
  return { namespace: metadata.namespace, name: metadata.name };
}
