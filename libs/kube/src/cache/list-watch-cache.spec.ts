import { CONFIG_MAP, type ConfigMap } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CONFIG_MAPS,
  configMap,
  eventually,
  KubeTestServer,
  ManualClock,
  RecordingLogger,
  sendStatus,
} from '@millrace/testing';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { ListWatchCache, type ListWatchCacheOptions } from './list-watch-cache.js';

const SILENCE_MS = 90_000;

let server: KubeTestServer;
let client: KubeClient;
let clock: ManualClock;
let logger: RecordingLogger;
let cache: ListWatchCache<ConfigMap>;
/** What listeners were told: `added one=1`. */
let told: string[];

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec' });
  clock = new ManualClock();
  logger = new RecordingLogger();
  told = [];
  cache = newCache();
});

afterEach(async () => {
  await cache.stop();
  await client.close();
  await server.close();
});

function newCache(options: Partial<ListWatchCacheOptions<ConfigMap>> = {}): ListWatchCache<ConfigMap> {
  const created = new ListWatchCache({ client, kind: CONFIG_MAP, clock, logger, ...options });
  created.subscribe(({ type, object }) =>
    told.push(`${type} ${object.metadata.name ?? ''}=${object.data?.['value'] ?? ''}`),
  );
  return created;
}

async function startWatching(): Promise<void> {
  cache.start();
  await cache.whenSynced();
  await watching();
}

async function watching(count = 1): Promise<void> {
  await eventually(() => expect(server.openWatches).toBe(count));
}

/** Lets the back-off pass until a watch stands again. */
async function watchingAgain(): Promise<void> {
  await clock.advanceUntil(() => server.openWatches === 1);
}

function names(): string[] {
  return cache.list().map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`);
}

describe('what a cache holds', () => {
  it('lists, then follows each change', async () => {
    server.put(configMap('one', '1'));
    await startWatching();
    server.put(configMap('two', '2'));
    server.put(configMap('one', 'x'));
    server.remove(configMap('two'));
    await eventually(() => expect(told).toEqual(['added one=1', 'added two=2', 'modified one=x', 'deleted two=2']));
    expect(names()).toEqual(['default/one']);
    expect(cache.get({ namespace: 'default', name: 'one' })?.data).toEqual({ value: 'x' });
    expect(cache.get({ namespace: 'default', name: 'two' })).toBeUndefined();
  });

  it('is synced only when the first list has been applied', async () => {
    server.put(configMap('one'));
    expect(cache.synced).toBe(false);
    const syncedWith = cache.whenSynced().then(names);
    cache.start();
    expect(await syncedWith).toEqual(['default/one']);
    expect(cache.synced).toBe(true);
  });

  it('does not keep waiting those who give up, or whose cache ends', async () => {
    const abort = new AbortController();
    const givenUp = cache.whenSynced(abort.signal);
    abort.abort(new Error('enough'));
    await expect(givenUp).rejects.toThrow('enough');
    const ended = cache.whenSynced();
    await cache.stop();
    await expect(ended).rejects.toThrow('stopped before its first sync');
  });

  it('orders by name and tells namespaces apart', async () => {
    server.put(configMap('b', '', 'second'));
    server.put(configMap('c', '', 'first'));
    server.put(configMap('b', '', 'first'));
    await startWatching();
    expect(names()).toEqual(['first/b', 'second/b', 'first/c']);
    expect(cache.list('first').map(({ metadata }) => metadata.name)).toEqual(['b', 'c']);
    expect(cache.list('nowhere')).toEqual([]);
  });

  it('reads a long list page by page', async () => {
    for (let index = 0; index < 1201; index += 1) server.put(configMap(`object-${index}`));
    await startWatching();
    expect(cache.list()).toHaveLength(1201);
    expect(server.listsOf(CONFIG_MAPS).map(({ query }) => query.get('continue'))).toEqual([null, '500', '1000']);
  });

  it('asks only for what it was made for, in the list and in the watch', async () => {
    cache = newCache({ namespace: 'first', labelSelector: 'app=x', fieldSelector: 'metadata.name=b' });
    await startWatching();
    const path = '/api/v1/namespaces/first/configmaps';
    for (const { query } of [...server.listsOf(path), ...server.watchesOf(path)]) {
      expect(query.get('labelSelector')).toBe('app=x');
      expect(query.get('fieldSelector')).toBe('metadata.name=b');
    }
    expect(server.watchesOf(path)).toHaveLength(1);
  });

  it('asks for bookmarks and a random end between 5 and 10 minutes', async () => {
    await startWatching();
    const query = server.watchesOf(CONFIG_MAPS)[0]?.query;
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
  });
});

describe('listeners', () => {
  it('who comes late is told of all that is there', async () => {
    server.put(configMap('one', '1'));
    await startWatching();
    const late: string[] = [];
    cache.subscribe(({ type, object }) => late.push(`${type} ${object.metadata.name ?? ''}`));
    expect(late).toEqual(['added one']);
  });

  it('who has left is told nothing more', async () => {
    const seen: string[] = [];
    const leave = cache.subscribe(({ type }) => seen.push(type));
    await startWatching();
    leave();
    server.put(configMap('one', '1'));
    await eventually(() => expect(told).toEqual(['added one=1']));
    expect(seen).toEqual([]);
  });

  it('one that throws is logged and keeps nobody else from hearing', async () => {
    cache.subscribe(() => {
      throw new Error('a bug');
    });
    const after: string[] = [];
    cache.subscribe(({ type }) => after.push(type));
    await startWatching();
    server.put(configMap('one', '1'));
    server.put(configMap('one', '2'));
    await eventually(() => expect(after).toEqual(['added', 'modified']));
    expect(logger.lines).toContain('error: A listener of the cache failed');
    expect(server.watchesOf(CONFIG_MAPS)).toHaveLength(1);
  });

  it('hear nothing of an object that did not change', async () => {
    const stored = server.put(configMap('one', '1'));
    await startWatching();
    server.sendRaw(`${JSON.stringify({ type: 'MODIFIED', object: stored })}\n`);
    server.put(configMap('two', '2'));
    await eventually(() => expect(told).toEqual(['added one=1', 'added two=2']));
  });

  it('get the state before a change with it', async () => {
    server.put(configMap('one', 'old'));
    const before: unknown[] = [];
    cache.subscribe(({ type, previous }) => before.push([type, previous?.data?.['value']]));
    await startWatching();
    server.put(configMap('one', 'new'));
    server.remove(configMap('one'));
    await eventually(() =>
      expect(before).toEqual([
        ['added', undefined],
        ['modified', 'old'],
        ['deleted', 'new'],
      ]),
    );
  });
});

describe('a watch that ends', () => {
  it('is opened again from the last version seen, without a list', async () => {
    await startWatching();
    const { metadata } = server.put(configMap('one', '1'));
    await eventually(() => expect(told).toHaveLength(1));
    server.endWatches();
    server.put(configMap('two', '2'));
    await watchingAgain();
    await eventually(() => expect(told).toEqual(['added one=1', 'added two=2']));
    expect(server.watchesOf(CONFIG_MAPS)[1]?.query.get('resourceVersion')).toBe(metadata.resourceVersion);
    expect(server.listsOf(CONFIG_MAPS)).toHaveLength(1);
  });

  it('goes on from the version of a bookmark, which keeps a quiet cache from growing too old', async () => {
    await startWatching();
    // Other kinds are written, and history is cut off: only the bookmark tells.
    server.compact();
    const version = server.currentVersion;
    const lines = clock.delays.length;
    server.sendBookmark(version);
    await eventually(() => expect(clock.delays.length).toBeGreaterThan(lines));
    server.endWatches();
    await watchingAgain();
    expect(server.watchesOf(CONFIG_MAPS)[1]?.query.get('resourceVersion')).toBe(version);
    expect(server.listsOf(CONFIG_MAPS)).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('is opened again at once when it had held for a while', async () => {
    await startWatching();
    clock.advance(30_000);
    server.endWatches();
    await watching();
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it.each(['http', 'line'] as const)('is replaced by a list when its version is gone (410 as %s)', async (goneAs) => {
    server.goneAs = goneAs;
    server.put(configMap('kept', '1'));
    server.put(configMap('lost', '1'));
    await startWatching();
    server.endWatches();
    server.remove(configMap('lost'));
    server.put(configMap('kept', '2'));
    server.put(configMap('new', '1'));
    server.compact();
    await watchingAgain();
    expect(told.slice(2)).toEqual(['deleted lost=1', 'modified kept=2', 'added new=1']);
    expect(names()).toEqual(['default/kept', 'default/new']);
    expect(server.listsOf(CONFIG_MAPS)).toHaveLength(2);
  });

  it('reports an object that was deleted and created again unseen as both', async () => {
    server.put(configMap('one', 'first'));
    await startWatching();
    server.endWatches();
    server.remove(configMap('one'));
    server.put(configMap('one', 'second'));
    server.compact();
    await watchingAgain();
    expect(told).toEqual(['added one=first', 'deleted one=first', 'added one=second']);
  });
});

describe('a silent socket', () => {
  it('is given up after 90 s without a line, and nothing is missed', async () => {
    await startWatching();
    server.silenceWatches();
    server.put(configMap('one', '1'));
    clock.advance(SILENCE_MS - 1);
    expect(server.openWatches).toBe(0);
    clock.advance(1);
    await watchingAgain();
    await eventually(() => expect(told).toEqual(['added one=1']));
    expect(logger.lines).toEqual(['debug: The watch ended; opening it again']);
  });

  it('of an API that never sends a bookmark is replaced each time without growing waits', async () => {
    await startWatching();
    for (let turn = 2; turn < 7; turn += 1) {
      server.silenceWatches();
      clock.advance(SILENCE_MS);
      await watchingAgain();
      expect(server.watchesOf(CONFIG_MAPS)).toHaveLength(turn);
    }
    expect(Math.max(...backOffs())).toBeLessThanOrEqual(500);
  });

  it('is not suspected while bookmarks come', async () => {
    await startWatching();
    for (let minute = 0; minute < 5; minute += 1) {
      const lines = clock.delays.length;
      server.sendBookmark();
      await eventually(() => expect(clock.delays.length).toBeGreaterThan(lines));
      clock.advance(SILENCE_MS - 1000);
    }
    expect(server.watchesOf(CONFIG_MAPS)).toHaveLength(1);
  });
});

describe('an API that fails', () => {
  it('keeps answering from what is known and comes back after a restart', async () => {
    server.put(configMap('one', '1'));
    await startWatching();
    await server.unlisten();
    await clock.advanceUntil(() => logger.lines.some((line) => line.startsWith('debug')));
    expect(cache.synced).toBe(true);
    expect(names()).toEqual(['default/one']);
    await server.listen();
    server.put(configMap('one', '2'));
    await watchingAgain();
    await eventually(() => expect(told).toEqual(['added one=1', 'modified one=2']));
    expect(server.listsOf(CONFIG_MAPS)).toHaveLength(1);
    expect(logger.lines).toContain('info: The API is being watched again');
  });

  it('that was not there at the start is found later', async () => {
    await server.unlisten();
    cache.start();
    await clock.advanceUntil(() => clock.delays.length >= 4);
    expect(cache.synced).toBe(false);
    await server.listen();
    server.put(configMap('one', '1'));
    await clock.advanceUntil(() => cache.synced);
    expect(names()).toEqual(['default/one']);
  });

  it('is not stormed: waits double from half a second to half a minute, with up to half taken off', async () => {
    server.intercept = ({ query }, response) => {
      if (query.has('watch')) response.writeHead(200).end();
      return query.has('watch');
    };
    cache.start();
    await cache.whenSynced();
    await clock.advanceUntil(() => server.watchesOf(CONFIG_MAPS).length === 9, 500);
    await eventually(() => expect(backOffs()).toHaveLength(9));
    const expected = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
    for (const [index, longest] of expected.entries()) {
      expect(backOffs()[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(backOffs()[index]).toBeLessThanOrEqual(longest);
    }
    expect(server.listsOf(CONFIG_MAPS)).toHaveLength(1);
  });

  it('is not stormed with lists when every version is gone at once', async () => {
    server.intercept = ({ query }, response) => {
      if (query.has('watch')) sendStatus(response, 410, 'Expired', 'too old');
      return query.has('watch');
    };
    cache.start();
    await clock.advanceUntil(() => server.listsOf(CONFIG_MAPS).length === 8, 500);
    expect(Math.max(...backOffs())).toBeGreaterThan(8000);
  });

  it('that hangs is left alone ever longer, although each attempt took its time', async () => {
    await client.close();
    client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec', requestTimeoutMs: 20 });
    cache = newCache();
    server.intercept = () => {
      clock.advance(20_000);
      return true;
    };
    cache.start();
    await eventually(() => expect(clock.waits).toHaveLength(1));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const made = clock.delays.length;
      clock.advance(clock.waits[0] ?? 0);
      await eventually(() => expect(clock.delays.length).toBeGreaterThan(made));
    }
    expect(backOffs().at(-1)).toBeGreaterThanOrEqual(8000);
  });

  it('that forbids the list is tried again, and said so', async () => {
    server.intercept = (_, response) => {
      sendStatus(response, 403, 'Forbidden', 'configmaps is forbidden');
      return true;
    };
    cache.start();
    await clock.advanceUntil(() => logger.lines.length > 0);
    expect(logger.lines).toEqual(['warn: The API cannot be watched; trying again']);
    server.intercept = () => false;
    await clock.advanceUntil(() => cache.synced);
  });
});

describe('an API that lost its history', () => {
  it('and refuses our version is listed anew, although its versions are older', async () => {
    server.put(configMap('lost', '1'));
    await startWatching();
    await server.unlisten();
    server.loseEverything();
    server.put(configMap('new', '1'));
    await server.listen();
    await watchingAgain();
    await eventually(() => expect(told).toEqual(['added lost=1', 'deleted lost=1', 'added new=1']));
    expect(logger.lines).toContain('warn: The API has lost history; taking over its older state');
    server.put(configMap('new', '2'));
    await eventually(() => expect(told.at(-1)).toBe('modified new=2'));
  });

  it('and hides it is found out by the first event that is older than what we know', async () => {
    server.put(configMap('lost', '1'));
    await startWatching();
    server.loseEverything();
    server.put(configMap('new', '1'));
    await clock.advanceUntil(() => names().join() === 'default/new');
    expect(told).toEqual(['added lost=1', 'deleted lost=1', 'added new=1']);
  });
});

describe('stopping', () => {
  it('ends the watch and tells nothing afterwards', async () => {
    server.put(configMap('one', '1'));
    await startWatching();
    await cache.stop();
    await watching(0);
    server.put(configMap('two', '2'));
    clock.advance(600_000);
    expect(told).toEqual(['added one=1']);
    expect(server.watchesOf(CONFIG_MAPS)).toHaveLength(1);
    expect(names()).toEqual(['default/one']);
  });

  it('does not wait for a list that gets no answer', async () => {
    server.intercept = () => true;
    cache.start();
    await eventually(() => expect(server.requests).toHaveLength(1));
    await cache.stop();
    expect(logger.lines).toEqual([]);
  });

  it('ends a back-off at once', async () => {
    await server.unlisten();
    cache.start();
    await eventually(() => expect(clock.waits).toHaveLength(1));
    await cache.stop();
    expect(clock.waits).toEqual([]);
    await server.listen();
  });
});

/** The waits between two connections; the guard against silence is not one. */
function backOffs(): number[] {
  return clock.delays.filter((delayMs) => delayMs !== SILENCE_MS);
}
