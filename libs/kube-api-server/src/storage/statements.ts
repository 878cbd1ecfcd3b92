import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { StoredChange } from './stored-change.types.js';

export interface ObjectRow {
  readonly resource: string;
  readonly revision: number;
  readonly value: string;
}

interface RevisionRow {
  readonly revision: number;
  readonly type: StoredChange['type'];
  readonly value: string;
  readonly previous_revision: number | null;
  readonly previous_value: string | null;
}

/** Where an object is found. */
export type Address = readonly [resource: string, namespace: string, name: string];

interface Listing extends Record<string, SQLInputValue> {
  readonly resource: string;
  readonly revision: number;
  /** Null: every namespace. */
  readonly namespace: string | null;
  /** Only objects behind this one; empty: from the beginning. */
  readonly afterNamespace: string;
  readonly afterName: string;
  /** -1: all. */
  readonly limit: number;
}

/**
 * The objects of a resource as of `:revision`: those not written since, and what the first later change of the others replaced. The latter is the
 * one row of the history that is newer than the revision and whose predecessor is not.
 */
const STATE_AT_REVISION = `
  SELECT resource, namespace, name, revision, value FROM objects WHERE resource = :resource AND revision <= :revision
  UNION ALL
  SELECT resource, namespace, name, previous_revision, previous_value FROM revisions
    WHERE resource = :resource AND revision > :revision AND previous_revision <= :revision`;

export type Statements = ReturnType<typeof prepareStatements>;

/** Every SQL statement of the store, with the types of its rows and values. */
export function prepareStatements(database: DatabaseSync) {
  const statement = <Row, Values extends readonly SQLInputValue[]>(sql: string) => {
    const prepared = database.prepare(sql);
    return {
      all: (...values: Values) => prepared.all(...values) as Row[],
      get: (...values: Values) => prepared.get(...values) as Row | undefined,
      /** Returns the revision that an insertion into the history made. */
      run: (...values: Values) => Number(prepared.run(...values).lastInsertRowid),
    };
  };
  const list = database.prepare(
    `SELECT * FROM (${STATE_AT_REVISION})
      WHERE (:namespace IS NULL OR namespace = :namespace) AND (namespace, name) > (:afterNamespace, :afterName)
      ORDER BY namespace, name LIMIT :limit`,
  );
  return {
    lastRevision: statement<{ seq: number }, []>("SELECT seq FROM sqlite_sequence WHERE name = 'revisions'"),
    floor: statement<{ floor: number }, []>('SELECT floor FROM compaction'),
    setFloor: statement<never, [floor: number]>('UPDATE compaction SET floor = ?'),
    forgetRevisions: statement<never, [upTo: number]>('DELETE FROM revisions WHERE revision <= ?'),
    byAddress: statement<ObjectRow, Address>('SELECT * FROM objects WHERE resource = ? AND namespace = ? AND name = ?'),
    byUid: statement<ObjectRow, [uid: string]>('SELECT * FROM objects WHERE uid = ?'),
    list: (listing: Listing) => list.all(listing) as unknown as ObjectRow[],
    deletableInNamespace: statement<ObjectRow, [namespace: string, limit: number]>(
      `SELECT * FROM objects WHERE namespace = ? AND json_extract(value, '$.metadata.deletionTimestamp') IS NULL
        ORDER BY revision LIMIT ?`,
    ),
    anyInNamespace: statement<ObjectRow, [namespace: string]>('SELECT * FROM objects WHERE namespace = ? LIMIT 1'),
    dependentsOf: statement<ObjectRow, [ownerUid: string]>(
      'SELECT objects.* FROM owners JOIN objects USING (resource, namespace, name) WHERE owner_uid = ?',
    ),
    ownedOrDeleting: statement<ObjectRow, []>(
      `SELECT * FROM objects WHERE (resource, namespace, name) IN (SELECT resource, namespace, name FROM owners)
        OR json_extract(value, '$.metadata.deletionTimestamp') IS NOT NULL`,
    ),
    outdated: statement<ObjectRow, [resource: string, writtenMs: number, keep: number, limit: number]>(
      `SELECT * FROM (SELECT *, row_number() OVER (ORDER BY revision DESC) AS rank FROM objects WHERE resource = ?)
        WHERE written_ms <= ? OR rank > ? ORDER BY revision LIMIT ?`,
    ),
    changesAfter: statement<RevisionRow, [revision: number, resource: string]>(
      'SELECT * FROM revisions WHERE revision > ? AND resource = ? ORDER BY revision',
    ),
    append: statement<
      never,
      [StoredChange['type'], ...Address, value: string, previousRevision: number | null, previousValue: string | null]
    >(
      `INSERT INTO revisions (type, resource, namespace, name, value, previous_revision, previous_value)
        VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    put: statement<never, [...Address, uid: string, revision: number, writtenMs: number, value: string]>(
      `INSERT INTO objects (resource, namespace, name, uid, revision, written_ms, value) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (resource, namespace, name)
        DO UPDATE SET revision = excluded.revision, written_ms = excluded.written_ms, value = excluded.value`,
    ),
    delete: statement<never, Address>('DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?'),
    clearOwners: statement<never, Address>('DELETE FROM owners WHERE resource = ? AND namespace = ? AND name = ?'),
    addOwner: statement<never, [...Address, ownerUid: string]>(
      'INSERT OR IGNORE INTO owners (resource, namespace, name, owner_uid) VALUES (?, ?, ?, ?)',
    ),
  };
}
