import type { ConfigMap, KubeObject, ObjectKey } from '@millrace/eventing-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { configMap, eventually, ManualClock, RecordingLogger } from '@millrace/testing';
import { ObjectStore } from '../cache/object-store.js';
import type { ObjectCache } from '../cache/object-cache.types.js';
import { KubeApiError } from '../client/kube-errors.js';
import { ControllerLoop } from './controller-loop.js';
import type { ReconcileResult } from './reconciler.types.js';

const KEY = { namespace: 'default', name: 'one' };

let clock: ManualClock;
let logger: RecordingLogger;
/** Names in the order in which their reconciling began. */
let begun: string[];
let outcome: (key: ObjectKey, signal: AbortSignal) => Promise<ReconcileResult | undefined>;

beforeEach(() => {
  clock = new ManualClock();
  logger = new RecordingLogger();
  begun = [];
  outcome = () => Promise.resolve(undefined);
});

function newLoop(concurrency?: number): ControllerLoop {
  const reconcile = (key: ObjectKey, signal: AbortSignal) => {
    begun.push(key.name);
    return outcome(key, signal);
  };
  return new ControllerLoop({ reconciler: { name: 'spec', reconcile }, clock, logger, concurrency });
}

/** A cache without a connection: the store and the sync are set by the test. */
function memoryCache() {
  const store = new ObjectStore<ConfigMap>(logger);
  const firstSync = Promise.withResolvers<undefined>();
  const cache: ObjectCache<ConfigMap> = {
    synced: false,
    whenSynced: () => firstSync.promise,
    get: (key) => store.index.get(key),
    list: (namespace) => store.index.list(namespace),
    subscribe: (listener) => store.subscribe(listener),
  };
  return { cache, store, sync: () => firstSync.resolve(undefined) };
}

function versioned(name: string, resourceVersion: string): ConfigMap {
  const object = configMap(name);
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

const keyOf = ({ object }: { object: KubeObject }) => [
  { namespace: object.metadata.namespace, name: object.metadata.name ?? '' },
];

describe('ControllerLoop', () => {
  it('reconciles what is enqueued, before or after the start', async () => {
    const loop = newLoop();
    loop.enqueue(KEY);
    loop.start();
    await eventually(() => expect(begun).toEqual(['one']));
    loop.enqueue({ ...KEY, name: 'two' });
    await eventually(() => expect(begun).toEqual(['one', 'two']));
    await loop.stop();
  });

  it('reconciles nothing until every watched cache has synced', async () => {
    const [first, second] = [memoryCache(), memoryCache()];
    const loop = newLoop();
    loop.watch(first.cache, keyOf);
    loop.watch(second.cache, keyOf);
    first.store.apply(versioned('one', '1'));
    loop.start();
    first.sync();
    await settled();
    expect(begun).toEqual([]);
    second.sync();
    await eventually(() => expect(begun).toEqual(['one']));
    first.store.apply(versioned('one', '2'));
    await eventually(() => expect(begun).toEqual(['one', 'one']));
    await loop.stop();
  });

  it('looks at everything again when it is started again', async () => {
    const { cache, store, sync } = memoryCache();
    const loop = newLoop();
    loop.watch(cache, keyOf);
    store.apply(versioned('one', '1'));
    sync();
    loop.start();
    await eventually(() => expect(begun).toEqual(['one']));
    await loop.stop();
    store.apply(versioned('two', '2'));
    await settled();
    expect(begun).toEqual(['one']);
    loop.start();
    await eventually(() => expect(begun).toEqual(['one', 'one', 'two']));
    await loop.stop();
  });

  it('tries a failed object again with growing waits, and forgets them after a success', async () => {
    let failures = 3;
    outcome = () => (failures-- > 0 ? Promise.reject(new Error('broken')) : Promise.resolve(undefined));
    const loop = newLoop();
    loop.enqueue(KEY);
    loop.start();
    await clock.advanceUntil(() => begun.length === 4, 1);
    expect(clock.delays).toEqual([5, 10, 20]);
    expect(logger.lines).toEqual(Array.from({ length: 3 }, () => 'warn: Reconciling failed; trying again'));
    failures = 1;
    loop.enqueue(KEY);
    await clock.advanceUntil(() => begun.length === 6, 1);
    expect(clock.delays.at(-1)).toBe(5);
    await loop.stop();
  });

  it('takes a conflict for an everyday thing', async () => {
    let conflicts = 1;
    outcome = () =>
      conflicts-- > 0 ? Promise.reject(new KubeApiError(409, 'Conflict', 'modified', {})) : Promise.resolve(undefined);
    const loop = newLoop();
    loop.enqueue(KEY);
    loop.start();
    await clock.advanceUntil(() => begun.length === 2, 1);
    expect(logger.lines).toEqual(['debug: The object changed meanwhile; trying again']);
    await loop.stop();
  });

  it('looks again after the time that the reconciler asks for', async () => {
    outcome = () => Promise.resolve(begun.length === 1 ? { requeueAfterMs: 60_000 } : undefined);
    const loop = newLoop();
    loop.enqueue(KEY);
    loop.start();
    await eventually(() => expect(clock.waits).toEqual([60_000]));
    clock.advance(60_000);
    await eventually(() => expect(begun).toEqual(['one', 'one']));
    await loop.stop();
  });

  it('works on as many objects at a time as it may, and never twice on one', async () => {
    const working = new Map<string, PromiseWithResolvers<undefined>>();
    let twice = false;
    outcome = ({ name }) => {
      twice ||= working.has(name);
      const work = Promise.withResolvers<undefined>();
      working.set(name, work);
      return work.promise.finally(() => working.delete(name));
    };
    const loop = newLoop(2);
    loop.start();
    for (const name of ['a', 'b', 'c', 'a', 'b']) loop.enqueue({ ...KEY, name });
    await settled();
    expect([...working.keys()]).toEqual(['a', 'b']);
    for (const name of ['a', 'b']) loop.enqueue({ ...KEY, name });
    working.get('a')?.resolve(undefined);
    await settled();
    expect([...working.keys()].sort()).toEqual(['b', 'c']);
    working.get('b')?.resolve(undefined);
    working.get('c')?.resolve(undefined);
    await settled();
    expect([...working.keys()].sort()).toEqual(['a', 'b']);
    for (const work of working.values()) work.resolve(undefined);
    await loop.stop();
    expect(begun).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect(twice).toBe(false);
  });

  it('aborts what is under way when it stops, and waits for it', async () => {
    const finished: string[] = [];
    outcome = (key, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          setImmediate(() => {
            finished.push(key.name);
            resolve(undefined);
          });
        });
      });
    const loop = newLoop();
    loop.enqueue(KEY);
    loop.enqueue({ ...KEY, name: 'two' });
    loop.start();
    await eventually(() => expect(begun).toEqual(['one']));
    await Promise.all([loop.stop(), loop.stop()]);
    expect(finished).toEqual(['one']);
    expect(begun).toEqual(['one']);
  });

  it('can be stopped while it waits for a cache', async () => {
    const loop = newLoop();
    const never: ObjectCache<ConfigMap> = {
      ...memoryCache().cache,
      whenSynced: (signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    };
    loop.watch(never, keyOf);
    loop.start();
    await loop.stop();
    expect(logger.lines).toEqual([]);
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
