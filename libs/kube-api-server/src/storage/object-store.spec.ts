import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KubeObject } from '@millrace/eventing-api';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { ObjectStore, revisionOf } from './object-store.js';
import { StorageLockedError } from './open-database.js';
import type { StoredChange } from './stored-change.types.js';

const RESOURCE = 'configmaps';
const clock = new ManualClock();
let directory: string;
let store: ObjectStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'object-store-'));
  store = ObjectStore.open(directory, clock);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

function configMap(name: string, value = '', namespace = 'default'): KubeObject {
  const uid = `${namespace}/${name}`;
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, uid }, data: { value } };
}

function create(name: string, value = ''): KubeObject {
  const created = store.create(RESOURCE, configMap(name, value));
  if (created.outcome !== 'created') throw new Error(`${name} exists`);
  return created.object;
}

describe('ObjectStore', () => {
  it('goes on with its revisions after it was opened again', () => {
    const before = revisionOf(create('a'));
    store.close();
    store = ObjectStore.open(directory, clock);
    expect(revisionOf(create('b'))).toBe(before + 1);
    expect(store.get(RESOURCE, 'default', 'a')?.['data']).toEqual({ value: '' });
  });

  it('begins above every revision of a store that was deleted', () => {
    for (let i = 0; i < 50; i++) create(`n${i}`);
    const old = store.revision;
    store.close();
    rmSync(directory, { recursive: true });
    clock.advance(1_000);
    store = ObjectStore.open(directory, clock);
    expect(store.compactedRevision).toBeGreaterThan(old);
  });

  it('says in one sentence that another process has the directory open', () => {
    expect(() => ObjectStore.open(directory, clock)).toThrow(StorageLockedError);
    expect(() => ObjectStore.open(directory, clock)).toThrow(
      `The data directory ${directory} is in use by another process`,
    );
  });

  it('names a directory that cannot be made', () => {
    const inAFile = join(directory, 'objects.sqlite', 'data');
    expect(() => ObjectStore.open(inAFile, clock)).toThrow(
      `The data directory ${inAFile} cannot be used, choose another:`,
    );
  });

  it('refuses to overwrite what changed meanwhile', () => {
    const first = create('a');
    store.update(RESOURCE, first, configMap('a', 'new'));
    expect(() => store.update(RESOURCE, first, configMap('a', 'late'))).toThrow('changed between');
  });

  it('does all of a transaction or nothing, and tells the listeners after the commit only', () => {
    const heard: StoredChange[] = [];
    store.subscribe((change) => heard.push(change));
    const before = store.revision;
    expect(() =>
      store.transaction(() => {
        create('a');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect([heard.length, store.revision, store.list(RESOURCE).length]).toEqual([0, before, 0]);
    store.transaction(() => {
      create('a');
      create('b');
      expect(heard).toEqual([]);
    });
    expect(heard.map(({ object, revision }) => [object.metadata.name, revision])).toEqual([
      ['a', before + 1],
      ['b', before + 2],
    ]);
  });

  it('lists the state as of every revision that is not compacted', () => {
    const operation = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      remove: fc.boolean(),
      value: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), fc.integer({ min: 0, max: 40 }), (operations, keep) => {
        store.transaction(() => store.list(RESOURCE).forEach((object) => store.remove(RESOURCE, object)));
        const states = new Map([[store.revision, '[]']]);
        for (const { name, remove, value } of operations) {
          const current = store.get(RESOURCE, 'default', name);
          if (remove && current) store.remove(RESOURCE, current);
          else if (current) store.update(RESOURCE, current, configMap(name, value));
          else if (!remove) create(name, value);
          states.set(store.revision, JSON.stringify(store.list(RESOURCE)));
        }
        store.compact(keep, 1_000);
        for (const [revision, state] of states) {
          if (revision >= store.compactedRevision) {
            expect(JSON.stringify(store.list(RESOURCE, { revision }))).toBe(state);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('forgets old revisions in batches and keeps as many as it is told', () => {
    let current = create('a');
    for (let i = 0; i < 30; i++) current = store.update(RESOURCE, current, configMap('a', String(i)));
    expect(store.compact(10, 15)).toBe(true);
    expect(store.compact(10, 15)).toBe(false);
    expect(store.changesAfter(RESOURCE, store.compactedRevision)).toHaveLength(10);
    store.close();
    store = ObjectStore.open(directory, clock);
    expect(store.revision - store.compactedRevision).toBe(10);
  });

  it('has everything that it acknowledged before it was killed, and gives out no revision twice', async () => {
    const crashDir = join(directory, 'crash');
    const writer = join(import.meta.dirname, '../../test/crash-writer.mjs');
    for (let round = 0; round < 3; round++) {
      rmSync(crashDir, { recursive: true, force: true });
      const child = spawn(process.execPath, [writer, crashDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      const acknowledged: [name: string, revision: number][] = [];
      const killAfter = 20 + Math.floor(Math.random() * 300);
      const exited = once(child, 'exit');
      for await (const line of createInterface({ input: child.stdout })) {
        const [name = '', revision = ''] = line.split(' ');
        acknowledged.push([name, Number(revision)]);
        if (acknowledged.length === killAfter) child.kill('SIGKILL');
      }
      await exited;
      const reopened = ObjectStore.open(crashDir, clock);
      const found = acknowledged.map(([name]) => [
        name,
        Number(reopened.get(RESOURCE, '', name)?.metadata.resourceVersion),
      ]);
      expect(found).toEqual(acknowledged);
      expect(reopened.revision).toBeGreaterThanOrEqual(acknowledged.at(-1)?.[1] ?? Infinity);
      reopened.close();
    }
  });
});
