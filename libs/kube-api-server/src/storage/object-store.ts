import type { DatabaseSync } from 'node:sqlite';
import type { Clock, KubeObject } from '@millrace/eventing-api';
import { openDatabase } from './open-database.js';
import { prepareStatements, type Address, type ObjectRow, type Statements } from './statements.js';
import type { StoredChange, StoredObject, StoreSelection } from './stored-change.types.js';

/**
 * All objects, and the history of their changes, in one SQLite file. Every write makes a new revision; revisions only go up, across restarts
 * too. Calls are synchronous and the file belongs to this process alone: what a caller reads and then writes within one turn of the event loop is atomic.
 *
 * The shape is that of kine (etcd on SQL): an append-only table of revisions, each with the object before it, so that a watch can tell what
 * left a selection and a list can be read as of an older revision.
 */
export class ObjectStore {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #statements: Statements;
  readonly #listeners = new Set<(change: StoredChange) => void>();
  #revision: number;
  #compactedRevision: number;
  /** The changes of the open transaction, told to the listeners once it is committed. */
  #uncommitted: StoredChange[] | undefined;

  private constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = prepareStatements(database);
    this.#revision = this.#statements.lastRevision.get()?.seq ?? 0;
    this.#compactedRevision = this.#statements.floor.get()?.floor ?? 0;
  }

  /**
   * Opens the store of a data directory. The revisions of a new store begin at the time in milliseconds: where a data directory was deleted, every
   * revision that a client still remembers lies below them and makes it list anew.
   * @throws StorageLockedError when another process has it open.
   */
  static open(dataDir: string, clock: Clock): ObjectStore {
    return new ObjectStore(openDatabase(dataDir, clock.now()), clock);
  }

  /** The revision of the latest write. */
  get revision(): number {
    return this.#revision;
  }

  /** History is complete above this revision. */
  get compactedRevision(): number {
    return this.#compactedRevision;
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    const row = this.#statements.byAddress.get(resource, namespace, name);
    return row && decode(row);
  }

  findByUid(uid: string): StoredObject | undefined {
    const row = this.#statements.byUid.get(uid);
    return row && { resource: row.resource, object: decode(row) };
  }

  list(resource: string, selection: StoreSelection = {}): KubeObject[] {
    const { namespace = null, revision = this.#revision, after, limit = -1 } = selection;
    const { namespace: afterNamespace = '', name: afterName = '' } = after ?? {};
    return this.#statements.list({ resource, revision, namespace, afterNamespace, afterName, limit }).map(decode);
  }

  /** Objects of every kind in a namespace that are not being deleted yet. */
  deletableInNamespace(namespace: string, limit: number): StoredObject[] {
    return this.#statements.deletableInNamespace.all(namespace, limit).map(located);
  }

  isNamespaceEmpty(namespace: string): boolean {
    return this.#statements.anyInNamespace.get(namespace) === undefined;
  }

  /** The objects that name an owner of this UID. */
  dependentsOf(ownerUid: string): StoredObject[] {
    return this.#statements.dependentsOf.all(ownerUid).map(located);
  }

  /** The objects that have an owner or are being deleted. */
  ownedOrDeleting(): StoredObject[] {
    return this.#statements.ownedOrDeleting.all().map(located);
  }

  /** The objects of a resource that were last written at or before `writtenMs`, and the oldest ones beyond `keep`; at most `limit`. */
  outdated(
    resource: string,
    { writtenMs, keep, limit }: { writtenMs: number; keep: number; limit: number },
  ): KubeObject[] {
    return this.#statements.outdated.all(resource, writtenMs, keep, limit).map(decode);
  }

  /** Everything that happened to a resource after `revision`, which must not lie below the compacted revision. */
  changesAfter(resource: string, revision: number): StoredChange[] {
    return this.#statements.changesAfter.all(revision, resource).map((row) => ({
      revision: row.revision,
      type: row.type,
      resource,
      object: decode(row),
      ...(row.previous_revision !== null && row.previous_value !== null
        ? { previous: decode({ revision: row.previous_revision, value: row.previous_value }) }
        : {}),
    }));
  }

  /** Stores a new object under the namespace and name in its metadata. */
  create(
    resource: string,
    object: KubeObject,
  ): { readonly outcome: 'created'; readonly object: KubeObject } | { readonly outcome: 'exists' } {
    if (this.get(resource, object.metadata.namespace ?? '', nameOf(object))) return { outcome: 'exists' };
    return { outcome: 'created', object: this.#write('ADDED', resource, object) };
  }

  /** Replaces `previous`, which must be the stored state, and returns the new state. */
  update(resource: string, previous: KubeObject, object: KubeObject): KubeObject {
    return this.#write('MODIFIED', resource, object, previous);
  }

  /** Removes `previous`, which must be the stored state, and returns it with the revision of the removal. */
  remove(resource: string, previous: KubeObject): KubeObject {
    return this.#write('DELETED', resource, previous, previous);
  }

  /** Runs `work` with all of its writes or none; listeners hear of them after the commit. Nests. */
  transaction<T>(work: () => T): T {
    if (this.#uncommitted) return work();
    const changes: StoredChange[] = (this.#uncommitted = []);
    let result: T;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      result = work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#revision = this.#statements.lastRevision.get()?.seq ?? 0;
      throw error;
    } finally {
      this.#uncommitted = undefined;
    }
    for (const change of changes) for (const listener of this.#listeners) listener(change);
    return result;
  }

  /** Calls `listener` with every later change, in order, once it is committed. It must not throw and must not write before it returns. */
  subscribe(listener: (change: StoredChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets up to `batch` of the oldest revisions, keeping the last `keep`; true when there is more to forget. */
  compact(keep: number, batch: number): boolean {
    const target = this.#revision - keep;
    if (target <= this.#compactedRevision) return false;
    const floor = Math.min(target, this.#compactedRevision + batch);
    this.transaction(() => {
      this.#statements.forgetRevisions.run(floor);
      this.#statements.setFloor.run(floor);
    });
    this.#compactedRevision = floor;
    return floor < target;
  }

  close(): void {
    this.#database.close();
  }

  #write(type: StoredChange['type'], resource: string, object: KubeObject, previous?: KubeObject): KubeObject {
    return this.transaction(() => {
      const { namespace = '' } = object.metadata;
      const address: Address = [resource, namespace, nameOf(object)];
      if (previous) this.#assertStored(address, previous);
      const value = encode(object);
      this.#revision = this.#statements.append.run(
        type,
        ...address,
        value,
        previous ? revisionOf(previous) : null,
        previous ? encode(previous) : null,
      );
      this.#statements.clearOwners.run(...address);
      if (type === 'DELETED') {
        this.#statements.delete.run(...address);
      } else {
        this.#statements.put.run(...address, uidOf(object), this.#revision, this.#clock.now(), value);
        for (const { uid } of object.metadata.ownerReferences ?? []) this.#statements.addOwner.run(...address, uid);
      }
      const stored = decode({ revision: this.#revision, value });
      this.#uncommitted?.push({
        revision: this.#revision,
        type,
        resource,
        object: stored,
        ...(previous ? { previous } : {}),
      });
      return stored;
    });
  }

  #assertStored(address: Address, previous: KubeObject): void {
    if (this.#statements.byAddress.get(...address)?.revision !== revisionOf(previous)) {
      throw new Error(`${address.join('/')} changed between being read and being written`);
    }
  }
}

/** The resource under which the objects of a kind are stored, and its name in messages: `channels.eventing.knative.dev`, `pods`. */
export function resourceName({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The name of a stored object. */
export function nameOf(object: KubeObject): string {
  return required(object.metadata.name, 'name');
}

/** The UID of a stored object. */
export function uidOf(object: KubeObject): string {
  return required(object.metadata.uid, 'uid');
}

/** The revision at which a stored object was written. */
export function revisionOf(object: KubeObject): number {
  return Number(required(object.metadata.resourceVersion, 'resourceVersion'));
}

function required(value: string | undefined, field: string): string {
  if (value === undefined || value === '') throw new Error(`an object without metadata.${field} reached the store`);
  return value;
}

/** The revision of a value is that of its row. */
function encode(object: KubeObject): string {
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } });
}

function decode({ revision, value }: Pick<ObjectRow, 'revision' | 'value'>): KubeObject {
  const object = JSON.parse(value) as KubeObject;
  object.metadata.resourceVersion = String(revision);
  return object;
}

function located(row: ObjectRow): StoredObject {
  return { resource: row.resource, object: decode(row) };
}
