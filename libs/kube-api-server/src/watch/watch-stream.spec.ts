import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { CONFIG_MAPS, configMap, TestApi, type TestWatch, type WatchEvent } from '../../test/api-harness.js';

let api: TestApi;
let clock: ManualClock;
let watches: TestWatch[];
beforeEach(async () => {
  clock = new ManualClock();
  api = await TestApi.start(clock);
  watches = [];
});
afterEach(async () => {
  for (const watch of watches) watch.stop();
  await api.stop();
});

async function watch(query: Record<string, string> = {}): Promise<TestWatch> {
  const started = await api.watch(CONFIG_MAPS, query);
  watches.push(started);
  return started;
}

const summary = (events: readonly { type: string; object: { metadata: { name: string } } }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

describe('watching', () => {
  it('tells the existing objects first, then every change with its revision', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const all = await watch();
    expect(summary(await all.take(1))).toEqual(['ADDED a']);
    const { body: changed } = await api.merge(`${CONFIG_MAPS}/a`, { data: { a: '2' } });
    await api.delete(`${CONFIG_MAPS}/a`);
    const [modified, deleted] = await all.take(2);
    expect([modified?.type, modified?.object]).toEqual(['MODIFIED', changed]);
    expect([deleted?.type, deleted?.object.data]).toEqual(['DELETED', { a: '2' }]);
    expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(Number(changed.metadata.resourceVersion));
  });

  it('takes the parameters with which client-go watches (kubectl run -it, every informer)', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const informer = await watch({ allowWatchBookmarks: 'true', timeout: '5m12s', timeoutSeconds: '312' });
    expect(summary(await informer.take(1))).toEqual(['ADDED a']);
  });

  it('goes on from a revision without a gap, also after a restart', async () => {
    const { body: list } = await api.get(CONFIG_MAPS);
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.restart();
    const resumed = await watch({ resourceVersion: list.metadata.resourceVersion });
    await api.post(CONFIG_MAPS, configMap('b'));
    expect(summary(await resumed.take(2))).toEqual(['ADDED a', 'ADDED b']);
  });

  it.each(['live', 'history'])('shows what enters and leaves a selection as ADDED and DELETED (%s)', async (when) => {
    const { body: list } = await api.get(CONFIG_MAPS);
    const query = { resourceVersion: list.metadata.resourceVersion, labelSelector: 'on=yes' };
    const early = when === 'live' ? await watch(query) : undefined;
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.merge(`${CONFIG_MAPS}/a`, { metadata: { labels: { on: 'yes' } } });
    await api.merge(`${CONFIG_MAPS}/a`, { data: { a: '2' } });
    const { body: left } = await api.merge(`${CONFIG_MAPS}/a`, { metadata: { labels: { on: 'no' } } });
    await api.delete(`${CONFIG_MAPS}/a`);
    await api.post(CONFIG_MAPS, configMap('end', { labels: { on: 'yes' } }));
    const events = await (early ?? (await watch(query))).take(4);
    expect(summary(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED end']);
    expect(events[2]?.object.metadata).toMatchObject({
      labels: { on: 'yes' },
      resourceVersion: left.metadata.resourceVersion,
    });
  });

  it('marks the end of a streamed list with an annotated bookmark', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const query = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: 'true' };
    const [added, bookmark] = await (await watch(query)).take(2);
    expect(added?.type).toBe('ADDED');
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: {
          annotations: { 'k8s.io/initial-events-end': 'true' },
          resourceVersion: added?.object.metadata.resourceVersion,
        },
      },
    });
  });

  it('sends bookmarks while nothing happens and one before the time-out, then ends', async () => {
    const { body: list } = await api.get(CONFIG_MAPS);
    const idle = await watch({
      resourceVersion: list.metadata.resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: '20',
    });
    clock.advance(15_000);
    clock.advance(5_000);
    expect((await idle.take(9)).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK']);
  });

  it('answers with an ERROR of code 410 for revisions that are unknown here', async () => {
    for (const resourceVersion of ['1', '999999999999999']) {
      const events = await (await watch({ resourceVersion })).take(2);
      expect(events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
    }
  });

  it('refuses parameters that it does not know, rather than leave the client waiting', async () => {
    expect((await api.get(`${CONFIG_MAPS}?watch=true&somethingNew=1`)).status).toBe(400);
    expect((await api.get(`${CONFIG_MAPS}?watch=true&sendInitialEvents=true`)).status).toBe(400);
  });

  it('prints tables with columns in the first event only', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.post(CONFIG_MAPS, configMap('b'));
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const response = await fetch(`${api.url}${CONFIG_MAPS}?watch=true&timeoutSeconds=1`, { headers });
    clock.advance(1_000);
    const events = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as WatchEvent);
    expect(events).toMatchObject([
      { object: { columnDefinitions: [{ name: 'Name' }, {}, {}], rows: [{ cells: ['a', 1, '0s'] }] } },
      { object: { columnDefinitions: [], rows: [{ cells: ['b', 1, '0s'] }] } },
    ]);
  });

  it('ends when the server stops', async () => {
    const open = await watch();
    await api.restart();
    expect(await open.next()).toBeUndefined();
  });
});
