import { CONFIG_MAP, type KubeObject } from '@millrace/eventing-api';
import { configMap, KubeTestServer, sendJson, sendStatus } from '@millrace/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { applyObject, UnknownKindError } from './apply.js';

const PATH = '/api/v1/namespaces/default/configmaps';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

let server: KubeTestServer;
let client: KubeClient;
beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec/1.0' });
  server.intercept = ({ path }, response) => {
    if (path !== '/api/v1') return false;
    sendJson(response, 200, { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: [] }] });
    return true;
  };
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const apply = (object: KubeObject) => applyObject(client, object);

it('leaves the note that kubectl leaves, byte by byte, so that kubectl finds the same manifest unchanged', async () => {
  const { metadata, ...rest } = configMap('settings');
  await apply({ ...rest, data: { b: 'a < b & c', a: '1' }, metadata: { name: 'settings' } });

  const stored = await client.get(CONFIG_MAP, { namespace: 'default', name: metadata.name ?? '' });
  expect(stored?.metadata.annotations?.[LAST_APPLIED]).toBe(
    '{"apiVersion":"v1","data":{"a":"1","b":"a \\u003c b \\u0026 c"},"kind":"ConfigMap",' +
      '"metadata":{"annotations":{},"name":"settings","namespace":"default"}}\n',
  );
});

it('writes nothing where the same has been applied before', async () => {
  expect(await apply(configMap('settings', 'one'))).toBe('created');
  expect(await apply(configMap('settings', 'one'))).toBe('unchanged');
  expect(server.requestsOf('PATCH', `${PATH}/settings`)).toEqual([]);
});

it('takes out of the object what was taken out of the manifest, and nothing else', async () => {
  await apply({ ...configMap('settings'), data: { gone: '1', kept: '1' } });

  expect(await apply({ ...configMap('settings'), data: { kept: '2' } })).toBe('configured');

  const [patch] = server.requestsOf('PATCH', `${PATH}/settings`);
  expect(patch?.body).toMatchObject({ data: { gone: null, kept: '2' } });
});

it('brings back what others changed, where the manifest says something, and leaves the rest to them', async () => {
  await apply(configMap('settings', 'one'));
  const stored = await client.get(CONFIG_MAP, { namespace: 'default', name: 'settings' });
  server.put({ ...configMap('settings'), ...stored, data: { value: 'theirs', own: 'kept' } });

  expect(await apply(configMap('settings', 'one'))).toBe('configured');
  const [patch] = server.requestsOf('PATCH', `${PATH}/settings`);
  expect(patch?.body).toMatchObject({ data: { value: 'one' } });
  expect(patch?.body).not.toHaveProperty('data.own');
  expect(await apply(configMap('settings', 'one'))).toBe('unchanged');
});

it('asks the API to refuse fields that it does not know, as kubectl does', async () => {
  await apply(configMap('settings', 'one'));
  await apply(configMap('settings', 'two'));

  const writes = server.requests.filter(({ method }) => method !== 'GET');
  expect(writes.map(({ method, query }) => [method, query.get('fieldValidation')])).toEqual([
    ['POST', 'Strict'],
    ['PATCH', 'Strict'],
  ]);
});

it('names a kind that the API does not serve', async () => {
  server.intercept = (_, response) => {
    sendStatus(response, 404, 'NotFound', 'not found');
    return true;
  };

  await expect(apply(configMap('settings'))).rejects.toThrow(UnknownKindError);
});
