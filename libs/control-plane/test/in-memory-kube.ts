import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  apiVersionOf,
  type KubeList,
  type KubeObject,
  type ObjectKey,
  type ResourceKind,
} from '@millrace/eventing-api';
import {
  KubeApiError,
  type DeleteOptions,
  type KubeClient,
  type ListOptions,
  type PatchOptions,
  type PatchType,
  type WatchEvent,
  type WatchOptions,
} from '@millrace/kube';

/** One write that came in, for tests that ask what was done. */
export interface Write {
  readonly verb: 'create' | 'update' | 'updateStatus' | 'patch' | 'delete';
  readonly kind: string;
  readonly name: string;
  readonly body?: unknown;
}

interface Change {
  readonly version: number;
  readonly collection: string;
  readonly event: WatchEvent;
}

/**
 * The rules of a Kubernetes API that controllers live by, in memory: versions and conflicts, generation, the status subresource, generated names,
 * finalizers, owner references with background collection, list and watch. No schemas and no defaults.
 */
export class InMemoryKube implements KubeClient {
  readonly writes: Write[] = [];
  /** Set to make writes of a kind fail. */
  refuse: ((write: Write) => KubeApiError | undefined) | undefined;
  private readonly collections = new Map<string, Map<string, KubeObject>>();
  private readonly kinds = new Map<string, ResourceKind>();
  private readonly history: Change[] = [];
  private readonly waiting = new Set<() => void>();
  private version = 100;

  /** Goes up with each change. */
  get revision(): number {
    return this.version;
  }

  get<T extends KubeObject>(kind: ResourceKind<T>, key: ObjectKey): Promise<T | undefined> {
    return Promise.resolve(copy(this.of(kind).get(idOf(key)) as T | undefined));
  }

  list<T extends KubeObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<KubeList<T>> {
    const items = [...this.of(kind).values()].filter((object) => matches(object, options)) as T[];
    const metadata = { resourceVersion: `${this.version}` };
    return Promise.resolve({ apiVersion: apiVersionOf(kind), kind: `${kind.kind}List`, metadata, items: copy(items) });
  }

  async create<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    const { generateName, namespace } = object.metadata;
    const name = object.metadata.name ?? `${generateName ?? ''}${randomUUID().slice(0, 5)}`;
    this.note({ verb: 'create', kind: kind.kind, name, body: object });
    const key = { namespace, name };
    this.kinds.set(`${apiVersionOf(kind)}/${kind.kind}`, kind);
    if (this.of(kind).has(idOf(key))) throw refusal(409, 'AlreadyExists', `${kind.plural} "${name}" already exists`);
    const metadata = {
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
      uid: randomUUID(),
      generation: 1,
      ...object.metadata,
      name,
    };
    return Promise.resolve(this.store(kind, { ...object, metadata }, 'ADDED'));
  }

  async update<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    this.note({ verb: 'update', kind: kind.kind, name: object.metadata.name ?? '', body: object });
    const current = this.current(kind, keyOf(object), object.metadata.resourceVersion);
    return Promise.resolve(this.replace(kind, current, { ...object, status: current.status }));
  }

  async updateStatus<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    this.note({ verb: 'updateStatus', kind: kind.kind, name: object.metadata.name ?? '', body: object.status });
    const current = this.current(kind, keyOf(object), object.metadata.resourceVersion);
    return Promise.resolve(this.replace(kind, current, { ...current, status: object.status }));
  }

  async patch<T extends KubeObject>(
    kind: ResourceKind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    if (type !== 'application/merge-patch+json') throw new Error(`${type} is not supported here`);
    this.note({ verb: 'patch', kind: kind.kind, name: key.name, body: patch });
    const version = (patch as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
    const current = this.current(kind, key, version);
    const merged = mergePatch(current, patch) as T;
    const next =
      options.subresource === 'status' ? { ...current, status: merged.status } : { ...merged, status: current.status };
    return Promise.resolve(this.replace(kind, current, next));
  }

  async delete(kind: ResourceKind, key: ObjectKey, options: DeleteOptions = {}): Promise<boolean> {
    this.note({ verb: 'delete', kind: kind.kind, name: key.name, body: options });
    const current = this.of(kind).get(idOf(key));
    const { uid } = options.preconditions ?? {};
    if (current === undefined || (uid !== undefined && uid !== current.metadata.uid)) return Promise.resolve(false);
    if ((current.metadata.finalizers ?? []).length === 0) this.remove(kind, current);
    else if (current.metadata.deletionTimestamp === undefined) {
      const metadata = { ...current.metadata, deletionTimestamp: new Date().toISOString() };
      this.store(kind, { ...current, metadata }, 'MODIFIED');
    }
    return Promise.resolve(true);
  }

  async *watch<T extends KubeObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    let seen = Number(options.resourceVersion ?? 0);
    const collection = collectionOf(kind);
    while (!options.signal.aborted) {
      for (const { version, event } of this.history.filter((change) => change.collection === collection)) {
        if (version <= seen) continue;
        seen = version;
        if (matches(event.object, options)) yield copy(event) as WatchEvent<T>;
      }
      await this.nextChange(options.signal, seen);
    }
  }

  /** Knows the kinds that anything was stored of. */
  resolveKind(apiVersion: string, kind: string): Promise<ResourceKind | undefined> {
    return Promise.resolve(this.kinds.get(`${apiVersion}/${kind}`));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Puts an object there as if it had been stored before; with the status that it has. */
  async seed<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
    const created = await this.create(kind, object);
    this.writes.length = 0;
    return created;
  }

  private nextChange(signal: AbortSignal, seen: number): Promise<void> {
    if (this.version > seen && this.history.some(({ version }) => version > seen)) return new Promise(setImmediate);
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  private note(write: Write): void {
    const refused = this.refuse?.(write);
    if (refused !== undefined) throw refused;
    this.writes.push(copy(write));
  }

  private of(kind: ResourceKind): Map<string, KubeObject> {
    const collection = this.collections.get(collectionOf(kind)) ?? new Map<string, KubeObject>();
    this.collections.set(collectionOf(kind), collection);
    return collection;
  }

  private current<T extends KubeObject>(kind: ResourceKind<T>, key: ObjectKey, version: string | undefined): T {
    const current = this.of(kind).get(idOf(key)) as T | undefined;
    if (current === undefined) throw refusal(404, 'NotFound', `${kind.plural} "${key.name}" not found`);
    if (version !== undefined && version !== current.metadata.resourceVersion) {
      throw refusal(409, 'Conflict', `${kind.plural} "${key.name}" has been modified`);
    }
    return current;
  }

  private replace<T extends KubeObject>(kind: ResourceKind<T>, current: T, next: T): T {
    const specChanged = !isDeepStrictEqual(json(bodyOf(current)), json(bodyOf(next)));
    const generation = (current.metadata.generation ?? 0) + (specChanged ? 1 : 0);
    const metadata = { ...next.metadata, resourceVersion: current.metadata.resourceVersion ?? '', generation };
    const replaced = json({ ...next, metadata }) as T;
    if (isDeepStrictEqual(replaced, json(current))) return copy(current);
    if (metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0) {
      return this.remove(kind, replaced);
    }
    return this.store(kind, replaced, 'MODIFIED');
  }

  private store<T extends KubeObject>(kind: ResourceKind<T>, object: T, type: 'ADDED' | 'MODIFIED'): T {
    const stored = json({ ...object, metadata: { ...object.metadata, resourceVersion: `${++this.version}` } }) as T;
    this.of(kind).set(idOf(keyOf(stored)), stored);
    this.publish(kind, { type, object: stored });
    return copy(stored);
  }

  private remove<T extends KubeObject>(kind: ResourceKind<T>, object: T): T {
    this.of(kind).delete(idOf(keyOf(object)));
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: `${++this.version}` } };
    this.publish(kind, { type: 'DELETED', object: last });
    this.collectDependents(object.metadata.uid);
    return copy(last);
  }

  /** Background garbage collection, at once. */
  private collectDependents(ownerUid: string | undefined): void {
    for (const [collection, objects] of this.collections) {
      for (const dependent of [...objects.values()]) {
        if (dependent.metadata.ownerReferences?.[0]?.uid !== ownerUid) continue;
        const [group = '', plural = ''] = collection.split('|');
        const [version = ''] = dependent.apiVersion.split('/').reverse();
        this.remove({ group, version, kind: dependent.kind, plural, namespaced: true }, dependent);
      }
    }
  }

  private publish(kind: ResourceKind, event: WatchEvent): void {
    this.history.push({ version: this.version, collection: collectionOf(kind), event: copy(event) });
    for (const wake of [...this.waiting]) wake();
  }
}

export function refusal(code: number, reason: string, message: string): KubeApiError {
  return new KubeApiError(code, reason, message, { code, reason, message });
}

function bodyOf({ metadata: _metadata, status: _status, ...body }: KubeObject): object {
  return body;
}

function collectionOf(kind: ResourceKind): string {
  return `${kind.group}|${kind.plural}`;
}

function keyOf({ metadata }: KubeObject): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name ?? '' };
}

function idOf({ namespace = '', name }: ObjectKey): string {
  return `${namespace}/${name}`;
}

function matches({ metadata }: KubeObject, { namespace, labelSelector }: ListOptions): boolean {
  if (namespace !== undefined && metadata.namespace !== namespace) return false;
  return (labelSelector ?? '').split(',').every((term) => {
    const [key = '', value] = term.split('=');
    return (
      key === '' || (value === undefined ? metadata.labels?.[key] !== undefined : metadata.labels?.[key] === value)
    );
  });
}

/** JSON merge patch (RFC 7396). */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function copy<V>(value: V): V {
  return structuredClone(value);
}

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
