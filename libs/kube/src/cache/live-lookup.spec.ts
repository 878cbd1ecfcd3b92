import { CONFIG_MAP } from '@millrace/eventing-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configMap, KubeTestServer, ManualClock, sendStatus } from '@millrace/testing';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { LiveLookup } from './live-lookup.js';

const KEY = { namespace: 'default', name: 'a' };
const PATH = '/api/v1/namespaces/default/configmaps/a';

let server: KubeTestServer;
let client: KubeClient;

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'test' });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

it('asks once for all who ask at a time, and for an absent object once a second', async () => {
  const clock = new ManualClock();
  const lookup = new LiveLookup({ client, kind: CONFIG_MAP, clock });
  expect(await Promise.all([lookup.find(KEY), lookup.find(KEY), lookup.find(KEY)])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  server.put(configMap('a'));
  clock.advance(999);
  expect(await lookup.find(KEY)).toBeUndefined();
  expect(server.requestsOf('GET', PATH)).toHaveLength(1);
  clock.advance(1);
  expect(await lookup.find(KEY)).toMatchObject({ metadata: { name: 'a' } });
});

it('keeps no answer that is none', async () => {
  const lookup = new LiveLookup({ client, kind: CONFIG_MAP, clock: new ManualClock() });
  server.put(configMap('a'));
  server.intercept = (_request, response) => {
    sendStatus(response, 500, 'InternalError', 'not now');
    return true;
  };
  await expect(lookup.find(KEY)).rejects.toThrow('not now');
  server.intercept = () => false;
  expect(await lookup.find(KEY)).toMatchObject({ metadata: { name: 'a' } });
});
