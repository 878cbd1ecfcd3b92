import { createKubeClient } from '@millrace/kube';
import { expect, it } from 'vitest';
import { KubeTestServer } from '@millrace/testing';
import { readSecrets, secretNames } from './secret-values.js';

const parameters = {
  sasl: { secretRef: { name: 'kafka-user' } },
  tls: [{ ca: { secretRef: { name: 'kafka-ca' } } }, { key: { secretRef: { name: 'kafka-user', key: 'x' } } }],
  brokers: ['a:9092'],
};

it('finds the Secrets that parameters name, at any depth, each once', () => {
  expect(secretNames(parameters)).toEqual(['kafka-ca', 'kafka-user']);
  expect(secretNames({ secretRef: 'no object', other: null })).toEqual([]);
});

it('reads them from the system namespace, and says which one is missing', async () => {
  const server = await KubeTestServer.start();
  const client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'test' });
  const put = (name: string, data: Record<string, string>) =>
    server.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'system' }, data });
  put('kafka-ca', { crt: Buffer.from('certificate').toString('base64') });
  expect(await readSecrets(client, 'system', parameters)).toEqual({ outcome: 'missing', name: 'kafka-user' });
  put('kafka-user', { password: Buffer.from('pässword').toString('base64') });
  expect(await readSecrets(client, 'system', parameters)).toEqual({
    outcome: 'read',
    values: { 'kafka-ca': { crt: 'certificate' }, 'kafka-user': { password: 'pässword' } },
  });
  await client.close();
  await server.close();
});
