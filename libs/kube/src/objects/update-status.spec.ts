import { CHANNEL, type Channel } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeTestServer } from '@millrace/testing';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { updateStatusIfChanged } from './update-status.js';

let server: KubeTestServer;
let client: KubeClient;
let stored: Channel;

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec' });
  stored = server.put({
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Channel',
    metadata: { namespace: 'default', name: 'one' },
    spec: {},
    status: { address: { hostname: 'one.example' } },
  });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

describe('updateStatusIfChanged', () => {
  it('sends nothing when nothing changed, whatever the order of the fields', async () => {
    const same = { observedGeneration: undefined, address: { url: undefined, hostname: 'one.example' } };
    expect(await updateStatusIfChanged(client, CHANNEL, stored, same as unknown as Channel['status'])).toBe(stored);
    expect(server.requests).toEqual([]);
  });

  it('takes a missing status for an empty one', async () => {
    const { status: _, ...bare } = stored;
    expect(await updateStatusIfChanged(client, CHANNEL, bare as Channel, {})).toBe(bare);
    expect(server.requests).toEqual([]);
  });

  it('writes a status that differs, and nothing else', async () => {
    const ours = { ...stored, spec: { provisioner: { name: 'sneaked in' } } } as Channel;
    const updated = await updateStatusIfChanged(client, CHANNEL, ours, { observedGeneration: 2 });
    expect(updated.status).toEqual({ observedGeneration: 2 });
    expect(updated.spec).toEqual({});
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /apis/eventing.knative.dev/v1alpha1/namespaces/default/channels/one/status',
    ]);
  });

  it('throws the conflict when somebody else wrote meanwhile', async () => {
    server.put(stored);
    await expect(updateStatusIfChanged(client, CHANNEL, stored, {})).rejects.toMatchObject({ reason: 'Conflict' });
  });
});
