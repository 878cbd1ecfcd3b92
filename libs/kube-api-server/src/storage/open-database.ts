import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the data directory open. */
export class StorageLockedError extends Error {
  override readonly name = 'StorageLockedError';
  constructor(dataDir: string) {
    super(`The data directory ${dataDir} is in use by another process; stop that one or choose another directory.`);
  }
}

const SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE objects (
  resource TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  written_ms INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (resource, namespace, name)
);
CREATE TABLE owners (
  resource TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  owner_uid TEXT NOT NULL,
  PRIMARY KEY (resource, namespace, name, owner_uid)
) WITHOUT ROWID;
CREATE INDEX owners_by_uid ON owners (owner_uid);
CREATE TABLE revisions (
  revision INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  resource TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  previous_revision INTEGER,
  previous_value TEXT
);
CREATE TABLE compaction (floor INTEGER NOT NULL);
`;

/**
 * Opens (or creates) the database of a data directory and locks it for as long as the connection lives: SQLite holds an operating-system lock, which
 * ends with the process, however it ends. A write is on disk before it is acknowledged (`synchronous=FULL`), so a revision that a client
 * saw is never given out again, not even after a power cut.
 *
 * `firstRevision` is where the revisions of a new database begin.
 * @throws StorageLockedError when another process has it open; an Error that names the directory when it cannot be made or written.
 */
export function openDatabase(dataDir: string, firstRevision: number): DatabaseSync {
  const database = openFile(dataDir);
  try {
    // Before the first access, so that the lock is taken by it and kept.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('BEGIN IMMEDIATE');
    migrate(database, firstRevision, dataDir);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? new StorageLockedError(dataDir) : error;
  }
}

function openFile(dataDir: string): DatabaseSync {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(dataDir, 'objects.sqlite'), { timeout: 250 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The data directory ${dataDir} cannot be used, choose another: ${reason}`, { cause: error });
  }
}

function migrate(database: DatabaseSync, firstRevision: number, dataDir: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === SCHEMA_VERSION) return;
  if (version !== 0) throw new Error(`The data directory ${dataDir} was written by a newer version of this program.`);
  database.exec(SCHEMA);
  database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('revisions', ?)").run(firstRevision);
  database.prepare('INSERT INTO compaction (floor) VALUES (?)').run(firstRevision);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
