import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channel, CHANNELS, CONFIG_MAPS, configMap, MERGE, TestApi } from '../../test/api-harness.js';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());

describe('creating', () => {
  it('fills in what the server owns and takes no status', async () => {
    const { status, body } = await api.post(CHANNELS, channel('filled', { status: { observedGeneration: 9 } }));
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ namespace: 'default', generation: 1 });
    expect(body.metadata.uid).toMatch(/^[-0-9a-f]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.status).toBeUndefined();
  });

  it('refuses a name that is taken', async () => {
    await api.post(CHANNELS, channel('taken'));
    const { body } = await api.post(CHANNELS, channel('taken'));
    expect(body).toMatchObject({
      kind: 'Status',
      code: 409,
      reason: 'AlreadyExists',
      message: 'channels.eventing.knative.dev "taken" already exists',
      details: { name: 'taken', group: 'eventing.knative.dev', kind: 'channels' },
    });
  });

  it('makes up a name from generateName', async () => {
    const body = { ...configMap(''), metadata: { generateName: 'made-' } };
    const [first, second] = [await api.post(CONFIG_MAPS, body), await api.post(CONFIG_MAPS, body)];
    expect(first.body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
    expect(first.body.metadata.name).not.toBe(second.body.metadata.name);
  });

  it('lists every fault of the metadata', async () => {
    const { status, body } = await api.post(CONFIG_MAPS, configMap('Bad_Name', { labels: { ok: 'not ok!' } }));
    expect(status).toBe(422);
    expect(body.message).toContain('ConfigMap "Bad_Name" is invalid: [');
    expect(body.details.causes).toMatchObject([{ field: 'metadata.name' }, { field: 'metadata.labels' }]);
  });

  it('refuses a missing namespace, another namespace, and the collection of all namespaces', async () => {
    const missing = await api.post('/api/v1/namespaces/nowhere/configmaps', configMap('a'));
    expect([missing.status, missing.body.message]).toEqual([404, 'namespaces "nowhere" not found']);
    expect((await api.post(CONFIG_MAPS, configMap('a', { namespace: 'other' }))).status).toBe(400);
    expect((await api.post('/api/v1/configmaps', configMap('a'))).status).toBe(405);
  });

  it('warns of unknown fields, and refuses them when told to be strict', async () => {
    const body = channel('unknown', { spec: { provisioner: { name: 'in-memory' }, bogus: 1 } });
    const strict = await api.post(`${CHANNELS}?fieldValidation=Strict`, body);
    expect(strict.status).toBe(400);
    expect(strict.body.message).toBe(
      'Channel in version "v1alpha1" cannot be handled as a Channel: strict decoding error: unknown field "spec.bogus"',
    );
    const lenient = await api.post(CHANNELS, body);
    expect(lenient.headers.get('warning')).toContain(String.raw`299 - "unknown field \"spec.bogus\""`);
    expect(lenient.body.spec.bogus).toBeUndefined();
  });

  it('stores nothing on a dry run', async () => {
    expect((await api.post(`${CONFIG_MAPS}?dryRun=All`, configMap('dry'))).status).toBe(201);
    expect((await api.get(`${CONFIG_MAPS}/dry`)).body.message).toBe('configmaps "dry" not found');
  });

  it('refuses bodies that are no objects of the kind', async () => {
    expect((await api.post(CONFIG_MAPS, channel('a'))).status).toBe(400);
    expect((await api.post(CONFIG_MAPS, '{')).status).toBe(400);
    expect((await api.request('POST', CONFIG_MAPS, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await api.post(CONFIG_MAPS, configMap('big', { annotations: { a: 'x'.repeat(4 << 20) } }))).status).toBe(
      413,
    );
  });
});

describe('updating', () => {
  it('refuses a stale version, and a custom resource without a version', async () => {
    const { body: created } = await api.post(CHANNELS, channel('stale'));
    await api.merge(`${CHANNELS}/stale`, { metadata: { labels: { a: 'b' } } });
    const stale = await api.put(`${CHANNELS}/stale`, created);
    expect([stale.status, stale.body.message]).toEqual([
      409,
      'Operation cannot be fulfilled on channels.eventing.knative.dev "stale": the object has been modified; please apply your changes to the latest version and try again',
    ]);
    const blind = await api.put(`${CHANNELS}/stale`, channel('stale'));
    expect([blind.status, blind.body.details.causes[0].field]).toEqual([422, 'metadata.resourceVersion']);
    expect((await api.merge(`${CHANNELS}/stale`, { metadata: { resourceVersion: '1' } })).status).toBe(409);
  });

  it('lets exactly one of several concurrent writers win', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('contended'));
    const writes = Array.from({ length: 8 }, (_, i) =>
      api.put(`${CONFIG_MAPS}/contended`, { ...created, data: { i: `${i}` } }),
    );
    const statuses = (await Promise.all(writes)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('counts generations by changes of the desired state only', async () => {
    const path = `${CHANNELS}/counted`;
    await api.post(CHANNELS, channel('counted'));
    const generation = async (patched: ReturnType<TestApi['merge']>) =>
      (await patched).body.metadata.generation as number;
    expect(await generation(api.merge(path, { metadata: { labels: { a: 'b' } } }))).toBe(1);
    expect(await generation(api.merge(`${path}/status`, { status: { observedGeneration: 1 } }))).toBe(1);
    expect(await generation(api.merge(path, { spec: { arguments: { a: 1 } } }))).toBe(2);
    await api.merge(path, { metadata: { finalizers: ['example.dev/hold'] } });
    expect(await generation(api.delete(path))).toBe(3);
  });

  it('counts no generations where Kubernetes counts none', async () => {
    const path = `${CONFIG_MAPS}/uncounted`;
    await api.post(CONFIG_MAPS, configMap('uncounted', { generation: 7, finalizers: ['example.dev/hold'] }));
    for (const written of [await api.merge(path, { data: { a: '2' } }), await api.delete(path)]) {
      expect(written.body.metadata).not.toHaveProperty('generation');
    }
  });

  it('makes no revision of a write that changes nothing', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('same'));
    const { body: put } = await api.put(`${CONFIG_MAPS}/same`, created);
    const { body: patched } = await api.merge(`${CONFIG_MAPS}/same`, { data: { a: '1' } });
    expect([put, patched]).toEqual([created, created]);
  });

  it('changes the status through its subresource only, and only that', async () => {
    await api.post(CHANNELS, channel('split'));
    const main = await api.merge(`${CHANNELS}/split`, { status: { observedGeneration: 1 } });
    expect(main.body.status).toBeUndefined();
    const patch = { metadata: { labels: { a: 'b' } }, spec: { arguments: {} }, status: { observedGeneration: 1 } };
    const { body } = await api.merge(`${CHANNELS}/split/status`, patch);
    expect([body.status, body.metadata.labels, body.spec.arguments]).toEqual([
      { observedGeneration: 1 },
      undefined,
      undefined,
    ]);
  });

  it('keeps what the server owns', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('owned'));
    const metadata = {
      creationTimestamp: '2000-01-01T00:00:00Z',
      generation: 77,
      deletionTimestamp: '2000-01-01T00:00:00Z',
    };
    const { body } = await api.merge(`${CONFIG_MAPS}/owned`, { metadata });
    expect(body).toEqual(created);
    expect((await api.merge(`${CONFIG_MAPS}/owned`, { metadata: { uid: 'other' } })).status).toBe(409);
    expect((await api.merge(`${CONFIG_MAPS}/owned`, { metadata: { name: 'other' } })).status).toBe(400);
  });

  it('calls admission with the stored object, for everything but the status', async () => {
    await api.post(CHANNELS, channel('admitted'));
    const moved = await api.merge(`${CHANNELS}/admitted`, { spec: { provisioner: { name: 'kafka' } } });
    expect(moved.status).toBe(422);
    expect(moved.body.message).toContain('Channel.eventing.knative.dev "admitted" is invalid: ');
    expect(moved.body.details.causes[0].field).toBe('spec.provisioner');
  });
});

describe('patching', () => {
  const patch = (path: string, type: string, body: unknown) =>
    api.request('PATCH', path, body, { 'content-type': type });

  it('applies JSON patches, all of one or nothing', async () => {
    await api.post(CONFIG_MAPS, configMap('json'));
    const type = 'application/json-patch+json';
    const path = `${CONFIG_MAPS}/json`;
    const failed = await patch(path, type, [
      { op: 'add', path: '/data/b', value: '2' },
      { op: 'test', path: '/data/a', value: 'other' },
    ]);
    expect(failed.status).toBe(422);
    expect((await api.get(path)).body.data).toEqual({ a: '1' });
    const done = await patch(path, type, [{ op: 'add', path: '/data/b', value: '2' }]);
    expect(done.body.data).toEqual({ a: '1', b: '2' });
    const tooMany = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' }));
    expect((await patch(path, type, tooMany)).status).toBe(413);
  });

  it('takes strategic merge patches for built-in kinds only', async () => {
    await api.post(CHANNELS, channel('strategic'));
    await api.post(CONFIG_MAPS, configMap('strategic'));
    const type = 'application/strategic-merge-patch+json';
    const refused = await patch(`${CHANNELS}/strategic`, type, {});
    expect(refused.status).toBe(415);
    expect(refused.body.message).toContain('application/json-patch+json, application/merge-patch+json');
    expect((await patch(`${CONFIG_MAPS}/strategic`, type, { data: { b: '2' } })).body.data).toEqual({ a: '1', b: '2' });
  });

  it('says clearly that server-side apply is not served', async () => {
    await api.post(CONFIG_MAPS, configMap('applied'));
    const { status, body } = await patch(
      `${CONFIG_MAPS}/applied?fieldManager=me`,
      'application/apply-patch+yaml',
      '{}',
    );
    expect([status, body.message]).toEqual([
      415,
      'server-side apply is not served here; use kubectl apply without --server-side',
    ]);
  });

  it('validates what the patch makes of the object', async () => {
    await api.post(CHANNELS, channel('merged'));
    expect((await api.merge(`${CHANNELS}/merged?fieldValidation=Strict`, { spec: { bogus: 1 } })).status).toBe(400);
    expect((await api.merge(`${CHANNELS}/merged`, { spec: { arguments: 'text' } })).status).toBe(422);
  });

  it('shows a dry run and stores nothing', async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap('dry-patch'));
    const dry = await api.request('PATCH', `${CONFIG_MAPS}/dry-patch?dryRun=All`, { data: { a: '2' } }, MERGE);
    expect(dry.body.data).toEqual({ a: '2' });
    expect((await api.get(`${CONFIG_MAPS}/dry-patch`)).body).toEqual(created);
  });
});

describe('scaling', () => {
  it('reads and changes the replicas of a Deployment as a Scale', async () => {
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'x' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await api.post(deployments, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec });
    const { body: scale } = await api.get(`${deployments}/web/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { selector: 'app=web' },
    });
    expect((await api.put(`${deployments}/web/scale`, { ...scale, spec: { replicas: 3 } })).body.spec.replicas).toBe(3);
    expect((await api.put(`${deployments}/web/scale`, { ...scale, spec: { replicas: 4 } })).status).toBe(409);
    expect((await api.merge(`${deployments}/web/scale`, { spec: { replicas: -1 } })).status).toBe(422);
    const { body: deployment } = await api.get(`${deployments}/web`);
    expect([deployment.spec.replicas, deployment.metadata.generation]).toEqual([3, 2]);
  });
});

describe('aliases', () => {
  it('serves the same object under both groups', async () => {
    const events = 'namespaces/default/events';
    const note = { reason: 'Tested', note: 'it works', type: 'Normal', action: 'Test' };
    const sources = { regarding: { kind: 'Pod', name: 'p' }, reportingController: 'me', reportingInstance: 'me-1' };
    const event = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'e' }, ...note, ...sources };
    const times = { eventTime: '2026-01-01T00:00:00.000000Z' };
    const created = await api.post(`/apis/events.k8s.io/v1/${events}`, { ...event, ...times });
    expect([created.status, created.body.note]).toEqual([201, 'it works']);
    const { body: core } = await api.get(`/api/v1/${events}/e`);
    expect(core).toMatchObject({ apiVersion: 'v1', message: 'it works', involvedObject: { kind: 'Pod', name: 'p' } });
    expect(core.metadata.uid).toBe(created.body.metadata.uid);
    const missing = await api.get(`/apis/events.k8s.io/v1/${events}/none`);
    expect(missing.body.message).toBe('events.events.k8s.io "none" not found');
  });
});
