import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { RESOURCE_DEFINITIONS, silentLogger, systemClock } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, configMap, namesOf, TestApi } from '../../test/api-harness.js';
import { KubeApiServer } from './kube-api-server.js';

let api: TestApi;
beforeEach(async () => {
  api = await TestApi.start();
});
afterEach(() => api.stop());

/** fetch does not let a caller say who it is; a browser or a proxy does. */
function statusWith(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${api.url}/api/v1/namespaces`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

function another(options: { host?: string; port?: number; dataDir?: string; kubeconfigPath?: string }): KubeApiServer {
  const defaults = { host: '127.0.0.1', port: 0, dataDir: join(api.directory, 'other'), definitions: [] };
  return new KubeApiServer({ ...defaults, ...options }, systemClock, silentLogger);
}

describe('KubeApiServer', () => {
  it('answers to this machine only, and never to a web page', async () => {
    expect(await statusWith({ host: 'localhost:7640' })).toBe(200);
    expect(await statusWith({ host: '[::1]:7640' })).toBe(200);
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'http://localhost:3000' })).toBe(403);
  });

  it.each(['0.0.0.0', '::', '192.168.1.1', 'example.com'])('refuses to listen on %s', async (host) => {
    await expect(another({ host }).start()).rejects.toThrow('listens on loopback addresses only');
  });

  it('says in one sentence that the port or the data directory is taken, and leaves nothing locked', async () => {
    const port = Number(new URL(api.url).port);
    await expect(another({ port }).start()).rejects.toThrow(`The API port 127.0.0.1:${port} is taken`);
    const second = another({});
    await second.start();
    await second.close();
    await expect(another({ dataDir: join(api.directory, 'data') }).start()).rejects.toThrow(
      'is in use by another process',
    );
  });

  it('writes a kubeconfig that only its owner can read', async () => {
    const kubeconfigPath = join(api.directory, 'home', 'kubeconfig');
    const server = another({ kubeconfigPath });
    await server.start();
    expect(statSync(kubeconfigPath).mode & 0o777).toBe(0o600);
    const { clusters, users } = JSON.parse(readFileSync(kubeconfigPath, 'utf8'));
    expect(clusters[0].cluster).toEqual({ server: server.url(), 'insecure-skip-tls-verify': true });
    expect(users).toHaveLength(1);
    await server.close();
  });

  it('answers probes, the version, and every request with an audit id', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) expect((await api.get(path)).body).toBe('ok');
    expect((await api.get('/version')).body).toMatchObject({ major: '1', gitVersion: expect.stringContaining('v1.') });
    expect((await api.get('/none')).headers.get('audit-id')).toMatch(/^[-0-9a-f]{36}$/);
  });

  it.each([
    ['authorization.k8s.io/v1/selfsubjectaccessreviews', { allowed: true }],
    ['authorization.k8s.io/v1/selfsubjectrulesreviews', { incomplete: false, resourceRules: [{ verbs: ['*'] }] }],
    ['authentication.k8s.io/v1/selfsubjectreviews', { userInfo: { username: 'local-user' } }],
  ])('lets a client that asks about itself do everything: %s', async (path, status) => {
    const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    const answer = await api.request('POST', `/apis/${path}`, 'k8s', protobuf);
    expect([answer.status, answer.body.status]).toMatchObject([201, status]);
  });

  it('tells the kinds of ours as CustomResourceDefinitions that are established', async () => {
    const { body } = await api.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    expect(namesOf(body)).toEqual(RESOURCE_DEFINITIONS.map(({ plural, group }) => `${plural}.${group}`).sort());
    for (const { status } of body.items) {
      expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Established', status: 'True' }));
    }
  });

  it('stops at once though clients keep connections and watches open', async () => {
    const watch = await api.watch(CONFIG_MAPS);
    await api.post(CONFIG_MAPS, configMap('a'));
    const startMs = Date.now();
    await api.restart();
    expect(Date.now() - startMs).toBeLessThan(900);
    expect(await watch.take(2)).toHaveLength(1);
  });
});
