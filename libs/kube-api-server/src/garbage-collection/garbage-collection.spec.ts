import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { CONFIG_MAPS, configMap, eventually, namesOf, TestApi } from '../../test/api-harness.js';

let api: TestApi;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  api = await TestApi.start(clock);
});
afterEach(() => api.stop());

const gone = async (path: string) => (await api.get(path)).status === 404;

async function owner(name: string): Promise<Record<string, unknown>> {
  const { body } = await api.post(CONFIG_MAPS, configMap(name));
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: body.metadata.uid, blockOwnerDeletion: true };
}

async function dependent(
  name: string,
  ownerReferences: unknown[],
  more: Record<string, unknown> = {},
): Promise<string> {
  const { status } = await api.post(CONFIG_MAPS, configMap(name, { ownerReferences, ...more }));
  expect(status).toBe(201);
  return `${CONFIG_MAPS}/${name}`;
}

describe('owner references', () => {
  it('take the dependents along, and theirs', async () => {
    const root = await owner('root');
    const child = await dependent('child', [root]);
    const { body } = await api.get(child);
    const grandchild = await dependent('grandchild', [{ ...root, name: 'child', uid: body.metadata.uid }]);
    await api.delete(`${CONFIG_MAPS}/root`);
    await eventually(async () => (await gone(child)) && (await gone(grandchild)));
  });

  it('keep an object that has another owner, without the one that is gone', async () => {
    const [first, second] = [await owner('first'), await owner('second')];
    const path = await dependent('shared', [first, second]);
    await api.delete(`${CONFIG_MAPS}/first`);
    await eventually(async () => (await api.get(path)).body.metadata.ownerReferences.length === 1);
    expect((await api.get(path)).body.metadata.ownerReferences).toEqual([second]);
  });

  it('to an owner that never existed, or lives in another namespace, are dangling', async () => {
    const ghost = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'no-such-uid' };
    const path = await dependent('haunted', [ghost]);
    await eventually(() => gone(path));
    const elsewhere = '/api/v1/namespaces/kube-system/configmaps';
    await api.post(elsewhere, configMap('far', { ownerReferences: [await owner('near')] }));
    await eventually(() => gone(`${elsewhere}/far`));
  });

  it('may name a cluster-scoped owner', async () => {
    const provisioners = '/apis/eventing.knative.dev/v1alpha1/clusterchannelprovisioners';
    const kind = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'ClusterChannelProvisioner' };
    const { body } = await api.post(provisioners, { ...kind, metadata: { name: 'own' }, spec: {} });
    const path = await dependent('owned', [{ ...kind, name: 'own', uid: body.metadata.uid }]);
    await api.delete(`${provisioners}/own`);
    await eventually(() => gone(path));
  });

  it('to a kind that is not served leave the object alone', async () => {
    const path = await dependent('foreign', [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'u' }]);
    await dependent('after', [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }]);
    await eventually(() => gone(`${CONFIG_MAPS}/after`));
    expect((await api.get(path)).status).toBe(200);
  });

  it('hold the owner until the dependents are gone, when it is deleted in the foreground', async () => {
    const child = await dependent('child', [await owner('root')], { finalizers: ['a.dev/x'] });
    await api.delete(`${CONFIG_MAPS}/root`, { propagationPolicy: 'Foreground' });
    await eventually(async () => (await api.get(child)).body.metadata.deletionTimestamp !== undefined);
    expect((await api.get(`${CONFIG_MAPS}/root`)).body.metadata.finalizers).toEqual(['foregroundDeletion']);
    await api.merge(child, { metadata: { finalizers: null } });
    await eventually(() => gone(`${CONFIG_MAPS}/root`));
  });

  it('are taken off when the owner is deleted as orphaning', async () => {
    const child = await dependent('child', [await owner('root')]);
    await api.delete(`${CONFIG_MAPS}/root`, { propagationPolicy: 'Orphan' });
    await eventually(() => gone(`${CONFIG_MAPS}/root`));
    expect((await api.get(child)).body.metadata.ownerReferences).toBeUndefined();
  });

  it('are looked at again after a restart', async () => {
    const root = await owner('root');
    const child = await dependent('child', [root], { finalizers: ['a.dev/x'] });
    await api.delete(`${CONFIG_MAPS}/root`, { propagationPolicy: 'Foreground' });
    await api.restart();
    await api.merge(child, { metadata: { finalizers: null } });
    await eventually(async () => (await gone(child)) && (await gone(`${CONFIG_MAPS}/root`)));
  });
});

describe('a deleted namespace', () => {
  const NAMESPACE = '/api/v1/namespaces/short';

  it('takes nothing new in, empties itself and goes when the last finalizer is off', async () => {
    await api.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } });
    expect((await api.get(NAMESPACE)).body.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'short' });
    await api.post(`${NAMESPACE}/configmaps`, configMap('free'));
    await api.post(`${NAMESPACE}/configmaps`, configMap('held', { finalizers: ['a.dev/x'] }));
    const { body } = await api.delete(NAMESPACE);
    expect(body.status.phase).toBe('Terminating');
    const refused = await api.post(`${NAMESPACE}/configmaps`, configMap('late'));
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'configmaps "late" is forbidden: unable to create new content in namespace short because it is being terminated',
    ]);
    await eventually(() => gone(`${NAMESPACE}/configmaps/free`));
    expect((await api.get(NAMESPACE)).status).toBe(200);
    await api.restart();
    await api.merge(`${NAMESPACE}/configmaps/held`, { metadata: { finalizers: null } });
    await eventually(() => gone(NAMESPACE));
  });
});

describe('Events', () => {
  it('go an hour after they were last written', async () => {
    const events = '/api/v1/namespaces/default/events';
    const event = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name },
      involvedObject: { kind: 'Pod' },
    });
    await api.post(events, event('once'));
    await api.post(events, event('again'));
    clock.advance(40 * 60_000);
    await api.merge(`${events}/again`, { count: 2 });
    clock.advance(30 * 60_000);
    const { body } = await api.get(events);
    expect(namesOf(body)).toEqual(['again']);
  });
});
