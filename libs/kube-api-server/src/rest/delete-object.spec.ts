import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, configMap, TestApi } from '../../test/api-harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());

describe('deleting', () => {
  it('removes an object that nothing holds at once and names it in the answer', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('free'));
    const { status, body } = await api.delete(`${CONFIG_MAPS}/free`);
    expect([status, body.kind, body.status, body.details.uid]).toEqual([
      200,
      'Status',
      'Success',
      created.metadata.uid,
    ]);
    expect((await api.delete(`${CONFIG_MAPS}/free`)).status).toBe(404);
  });

  it('keeps an object until its last finalizer goes, and lets no new one in', async () => {
    const path = `${CONFIG_MAPS}/held`;
    await api.post(CONFIG_MAPS, configMap('held', { finalizers: ['a.dev/x', 'a.dev/y'] }));
    const { body: marked } = await api.delete(path);
    expect(marked.metadata.deletionTimestamp).toBeDefined();
    expect((await api.delete(path)).body).toEqual(marked);
    const added = await api.merge(path, { metadata: { finalizers: ['a.dev/x', 'a.dev/z'] } });
    expect([added.status, added.body.details.causes[0].reason]).toEqual([422, 'FieldValueForbidden']);
    expect((await api.merge(path, { metadata: { finalizers: ['a.dev/y'] } })).status).toBe(200);
    expect((await api.get(path)).status).toBe(200);
    const watch = await api.watch(CONFIG_MAPS, { resourceVersion: marked.metadata.resourceVersion });
    expect((await api.merge(path, { metadata: { finalizers: null } })).status).toBe(200);
    expect((await api.get(path)).status).toBe(404);
    expect((await watch.take(2)).map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
    watch.stop();
  });

  it('honours preconditions and dry runs', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('guarded'));
    const path = `${CONFIG_MAPS}/guarded`;
    expect((await api.delete(path, { preconditions: { uid: 'other' } })).status).toBe(409);
    expect((await api.delete(path, { preconditions: { resourceVersion: '1' } })).status).toBe(409);
    expect((await api.delete(path, { dryRun: ['All'] })).status).toBe(200);
    expect((await api.delete(path, { preconditions: { uid: created.metadata.uid } })).status).toBe(200);
    expect((await api.get(path)).status).toBe(404);
  });

  it('is for one object at a time', async () => {
    expect((await api.delete(CONFIG_MAPS)).status).toBe(405);
  });

  it('protects the namespaces that everything expects', async () => {
    const { status, body } = await api.delete('/api/v1/namespaces/default');
    expect([status, body.message]).toEqual([
      403,
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ]);
  });
});
