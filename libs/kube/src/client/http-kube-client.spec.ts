import { writeFile } from 'node:fs/promises';
import { CHANNEL, CONFIG_MAP, DEPLOYMENT, NAMESPACE } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, configMap, eventually, KubeTestServer, sendJson, sendStatus } from '@millrace/testing';
import { createKubeClient } from './http-kube-client.js';
import type { KubeClient, WatchEvent } from './kube-client.types.js';
import { hasReason, KubeApiError, KubeConnectionError } from './kube-errors.js';

let server: KubeTestServer;
let client: KubeClient;

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec/1.0', requestTimeoutMs: 300 });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

describe('reading and writing', () => {
  it('creates, reads, updates, patches and deletes an object', async () => {
    const created = await client.create(CONFIG_MAP, configMap('settings', 'one'));
    const key = { namespace: 'default', name: 'settings' };
    expect(await client.get(CONFIG_MAP, key)).toEqual(created);
    const updated = await client.update(CONFIG_MAP, { ...created, data: { value: 'two' } });
    expect(updated.data).toEqual({ value: 'two' });
    const patched = await client.patch(CONFIG_MAP, key, 'application/merge-patch+json', { data: { value: 'three' } });
    expect(patched.data).toEqual({ value: 'three' });
    expect(await client.delete(CONFIG_MAP, key)).toBe(true);
    expect(await client.get(CONFIG_MAP, key)).toBeUndefined();
    expect(await client.delete(CONFIG_MAP, key)).toBe(false);
  });

  it('addresses core and grouped, namespaced and cluster-scoped kinds, and subresources', async () => {
    const key = { namespace: 'a', name: 'b' };
    await client.get(DEPLOYMENT, key);
    await client.get(NAMESPACE, { name: 'a' });
    await client.list(CHANNEL, { namespace: 'a', labelSelector: 'app in (x,y)', limit: 5 });
    await client.list(CHANNEL);
    await expect(
      client.patch(DEPLOYMENT, key, 'application/json-patch+json', [], { subresource: 'scale' }),
    ).rejects.toThrow();
    expect(server.requests.map(({ method, path, query }) => `${method} ${path} ${query.toString()}`)).toEqual([
      'GET /apis/apps/v1/namespaces/a/deployments/b ',
      'GET /api/v1/namespaces/a ',
      'GET /apis/eventing.knative.dev/v1alpha1/namespaces/a/channels labelSelector=app+in+%28x%2Cy%29&limit=5',
      'GET /apis/eventing.knative.dev/v1alpha1/channels ',
      'PATCH /apis/apps/v1/namespaces/a/deployments/b/scale ',
    ]);
  });

  it('refuses to build a URL from a key that lacks its namespace', async () => {
    await expect(client.get(CONFIG_MAP, { name: 'settings' })).rejects.toThrow(TypeError);
    expect(server.requests).toEqual([]);
  });

  it('says who it is and which patch it sends', async () => {
    await client.create(CONFIG_MAP, configMap('settings'));
    const key = { namespace: 'default', name: 'settings' };
    await client.patch(CONFIG_MAP, key, 'application/merge-patch+json', {});
    const [create, patch] = server.requests;
    expect(create?.headers).toMatchObject({ 'user-agent': 'spec/1.0', 'content-type': 'application/json' });
    expect(patch?.headers['content-type']).toBe('application/merge-patch+json');
  });

  it('sends delete options', async () => {
    const { metadata } = server.put(configMap('settings'));
    const preconditions = { uid: metadata.uid ?? '' };
    const key = { namespace: 'default', name: 'settings' };
    await client.delete(CONFIG_MAP, key, { propagationPolicy: 'Foreground', preconditions });
    expect(server.requests[0]?.body).toMatchObject({
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions,
    });
  });

  it('completes the items of a list, which built-in kinds send without kind', async () => {
    server.intercept = (_, response) => {
      sendJson(response, 200, { kind: 'ConfigMapList', metadata: {}, items: [{ metadata: { name: 'a' } }] });
      return true;
    };
    const { items } = await client.list(CONFIG_MAP);
    expect(items).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }]);
  });

  it('uses few connections for many requests', async () => {
    for (let count = 0; count < 50; count += 1) await client.list(CONFIG_MAP);
    // The next request may begin just before the connection of the last is free again.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('finds a kind by discovery, once, and says when nobody serves it', async () => {
    server.intercept = ({ path }, response) => {
      if (path === '/apis/apps/v1') {
        const resources = [
          { name: 'deployments/scale', kind: 'Deployment', namespaced: true },
          { name: 'deployments', kind: 'Deployment', namespaced: true },
        ];
        sendJson(response, 200, { kind: 'APIResourceList', resources });
      } else {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      }
      return true;
    };
    expect(await client.resolveKind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
    expect(await client.resolveKind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
    expect(await client.resolveKind('apps/v1', 'Nothing')).toBeUndefined();
    expect(await client.resolveKind('example.com/v1', 'Thing')).toBeUndefined();
    expect(server.requestsOf('GET', '/apis/apps/v1')).toHaveLength(2);
  });
});

describe('errors', () => {
  it('surfaces a conflict as an error with its reason', async () => {
    const stored = await client.create(CONFIG_MAP, configMap('settings', 'one'));
    server.put({ ...stored, data: { value: 'theirs' } });
    const error: unknown = await client
      .update(CONFIG_MAP, { ...stored, data: { value: 'ours' } })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(KubeApiError);
    expect(error).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it('keeps causes and Retry-After of a Status', async () => {
    server.intercept = (_, response) => {
      response.setHeader('retry-after', '7');
      const details = { causes: [{ field: 'spec.x', message: 'is odd' }] };
      sendJson(response, 429, { kind: 'Status', reason: 'TooManyRequests', message: 'slow down', details });
      return true;
    };
    const error: unknown = await client.list(CONFIG_MAP).catch((e: unknown) => e);
    expect(error).toMatchObject({
      message: 'slow down',
      status: { details: { retryAfterSeconds: 7, causes: [{ field: 'spec.x', message: 'is odd' }] } },
    });
  });

  it('does not take the 404 page of a proxy for a missing object', async () => {
    server.intercept = (_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
      return true;
    };
    const key = { namespace: 'default', name: 'settings' };
    await expect(client.get(CONFIG_MAP, key)).rejects.toMatchObject({ code: 404, reason: 'Unknown' });
    await expect(client.delete(CONFIG_MAP, key)).rejects.toThrow(KubeApiError);
  });

  it('takes a gateway error without Status for no answer', async () => {
    server.intercept = (_, response) => {
      response.writeHead(502).end('<h1>Bad gateway</h1>');
      return true;
    };
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
  });

  it('reports an API that does not answer in time', async () => {
    server.intercept = () => true;
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
  });

  it('reports an answer whose body never ends', async () => {
    server.intercept = (_, response) => response.writeHead(200).write('{"items":');
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
  });

  it('reports an API that is not there, and finds it again when it is', async () => {
    await client.list(CONFIG_MAP);
    await server.unlisten();
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
    await server.listen();
    await expect(client.list(CONFIG_MAP)).resolves.toMatchObject({ items: [] });
  });

  it('waits for a kubeconfig that is written later', async () => {
    const path = `${server.kubeconfig}-later`;
    const early = createKubeClient({ kubeconfig: path, userAgent: 'spec' });
    await expect(early.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
    const { readFile } = await import('node:fs/promises');
    await writeFile(path, await readFile(server.kubeconfig));
    await expect(early.list(CONFIG_MAP)).resolves.toMatchObject({ items: [] });
    await early.close();
  });

  it('does nothing after it was closed', async () => {
    await client.list(CONFIG_MAP);
    await client.close();
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('watch', () => {
  let abort: AbortController;
  let events: WatchEvent[];

  beforeEach(() => {
    abort = new AbortController();
    events = [];
  });

  async function watchAll(resourceVersion = '100'): Promise<void> {
    const options = { resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 300, signal: abort.signal };
    for await (const event of client.watch(CONFIG_MAP, options)) events.push(event);
  }

  it('yields what happens, until the signal aborts', async () => {
    const watching = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    server.remove(server.put(configMap('settings')));
    await eventually(() => expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']));
    abort.abort();
    await watching;
    await eventually(() => expect(server.openWatches).toBe(0));
    expect(server.watchesOf(CONFIG_MAPS)[0]?.query.toString()).toBe(
      'resourceVersion=100&watch=true&timeoutSeconds=300&allowWatchBookmarks=true',
    );
  });

  it('outlives the time-out of requests', async () => {
    const watching = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    server.sendBookmark();
    await eventually(() => expect(events).toHaveLength(1));
    abort.abort();
    await watching;
  });

  it('ends without error when the server ends it', async () => {
    const watching = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    server.endWatches();
    await watching;
  });

  it('puts together a character that comes in two chunks', async () => {
    const watching = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: configMap('settings', 'Grüße') })}\n`);
    const inUmlaut = line.indexOf('ü') + 1;
    server.sendRaw(line.subarray(0, inUmlaut));
    await new Promise((resolve) => setTimeout(resolve, 30));
    server.sendRaw(line.subarray(inUmlaut));
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]?.object['data']).toEqual({ value: 'Grüße' });
    abort.abort();
    await watching;
  });

  it('throws the Status of an ERROR line', async () => {
    server.compact();
    const error: unknown = await watchAll('50').catch((e: unknown) => e);
    expect(hasReason(error, 'Expired')).toBe(true);
    expect(error).toMatchObject({ code: 410 });
  });

  it('throws the Status of an HTTP error', async () => {
    server.intercept = (_, response) => {
      sendStatus(response, 403, 'Forbidden', 'no');
      return true;
    };
    await expect(watchAll()).rejects.toMatchObject({ code: 403, reason: 'Forbidden' });
  });

  it('reports a connection that breaks, and a line cut in half', async () => {
    const broken = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    const failure = expect(broken).rejects.toThrow(KubeConnectionError);
    await server.unlisten();
    await failure;
    await server.listen();
    const cut = watchAll();
    await eventually(() => expect(server.openWatches).toBe(1));
    server.sendRaw('{"type":"ADDED","obj');
    server.endWatches();
    await expect(cut).rejects.toThrow(KubeConnectionError);
  });
});
