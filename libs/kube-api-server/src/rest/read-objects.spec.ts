import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, configMap, namesOf, TestApi } from '../../test/api-harness.js';

let api: TestApi;
beforeEach(async () => {
  api = await TestApi.start();
});
afterEach(() => api.stop());

async function create(...objects: string[]): Promise<void> {
  for (const name of objects) await api.post(CONFIG_MAPS, configMap(name, { labels: { name } }));
}

describe('listing', () => {
  it('pages through the state as of the first page, whatever is written meanwhile', async () => {
    await create('a', 'b', 'c', 'd');
    const { body: first } = await api.get(`${CONFIG_MAPS}?limit=2`);
    expect(namesOf(first)).toEqual(['a', 'b']);
    await api.delete(`${CONFIG_MAPS}/c`);
    await create('bb');
    const { body: second } = await api.get(`${CONFIG_MAPS}?limit=2&continue=${first.metadata.continue}`);
    expect(namesOf(second)).toEqual(['c', 'd']);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it('fills pages with what the selectors let through', async () => {
    await create('a', 'b', 'c', 'd');
    const selector = encodeURIComponent('name in (b,d)');
    const { body: first } = await api.get(`${CONFIG_MAPS}?limit=1&labelSelector=${selector}`);
    expect(namesOf(first)).toEqual(['b']);
    const { body: second } = await api.get(
      `${CONFIG_MAPS}?limit=1&labelSelector=${selector}&continue=${first.metadata.continue}`,
    );
    expect([namesOf(second), second.metadata.continue]).toEqual([['d'], undefined]);
  });

  it('answers 410 once the state of a page is compacted away', async () => {
    await create('a', 'b');
    const { body: page } = await api.get(`${CONFIG_MAPS}?limit=1`);
    await create('c');
    await api.compact();
    const { body } = await api.get(`${CONFIG_MAPS}?limit=1&continue=${page.metadata.continue}`);
    expect([body.code, body.reason]).toEqual([410, 'Expired']);
    expect((await api.get(`${CONFIG_MAPS}?limit=1&continue=nonsense`)).status).toBe(400);
  });

  it('lists an exact revision, or one that is not older, but none that does not exist yet', async () => {
    await create('a');
    const { body: before } = await api.get(CONFIG_MAPS);
    const revision = Number(before.metadata.resourceVersion);
    await create('b');
    const at = (query: string) => api.get(`${CONFIG_MAPS}?${query}`);
    expect(namesOf((await at(`resourceVersion=${revision}&resourceVersionMatch=Exact`)).body)).toEqual(['a']);
    expect(namesOf((await at(`resourceVersion=${revision}&resourceVersionMatch=NotOlderThan`)).body)).toEqual([
      'a',
      'b',
    ]);
    expect(namesOf((await at('resourceVersion=0')).body)).toEqual(['a', 'b']);
    expect((await at(`resourceVersion=${revision + 100}`)).status).toBe(410);
    expect((await at('resourceVersion=1&resourceVersionMatch=Exact')).status).toBe(410);
    expect((await at('resourceVersionMatch=Exact')).status).toBe(400);
  });

  it('lists every namespace, or one, by fields', async () => {
    await api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    await api.post('/api/v1/namespaces/other/configmaps', configMap('a'));
    await create('a', 'b');
    expect(namesOf((await api.get('/api/v1/configmaps')).body)).toEqual(['a', 'b', 'a']);
    expect(namesOf((await api.get('/api/v1/configmaps?fieldSelector=metadata.name%3Da')).body)).toEqual(['a', 'a']);
    expect(namesOf((await api.get('/api/v1/namespaces/other/configmaps')).body)).toEqual(['a']);
    const unknown = await api.get('/api/v1/configmaps?fieldSelector=spec.none%3Da');
    expect([unknown.status, unknown.body.reason]).toEqual([400, 'BadRequest']);
  });

  it('answers 404 for kinds and subresources that are not served, and 405 for verbs', async () => {
    expect((await api.get('/apis/none.dev/v1/things')).body).toMatchObject({ kind: 'Status', code: 404 });
    expect((await api.get(`${CONFIG_MAPS}/a/nothing`)).status).toBe(404);
    expect((await api.put(CONFIG_MAPS, {})).status).toBe(405);
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await api.post(crds, {})).status).toBe(405);
  });

  it('finds the same objects after a restart', async () => {
    await create('a');
    const { body: before } = await api.get(`${CONFIG_MAPS}/a`);
    await api.restart();
    expect((await api.get(`${CONFIG_MAPS}/a`)).body).toEqual(before);
  });
});
