import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESOURCE_DEFINITIONS, silentLogger, systemClock } from '@millrace/eventing-api';
import { createKubeClient, ManifestFolder, type KubeClient } from '@millrace/kube';
import { KubeApiServer } from '@millrace/kube-api-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlFor, kubectlFound, type KubectlResult } from './kubectl.js';

if (!kubectlFound) console.log('not run: apply and kubectl (no kubectl on this machine; install one)');

/** Service lists its ports with merge keys in kubectl and as a whole here; a Channel is a custom kind. */
const MANIFESTS = {
  'channel.yaml': `
apiVersion: eventing.knative.dev/v1alpha1
kind: Channel
metadata: { name: orders, labels: { team: a } }
spec: { provisioner: { name: in-memory }, arguments: { size: 1 } }
`,
  'service.yaml': `
apiVersion: v1
kind: Service
metadata: { name: orders, annotations: { note: '<a & b>' } }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80 }] }
`,
};

describe.skipIf(!kubectlFound)('our apply and kubectl apply, on the same objects', () => {
  let directory: string;
  let server: KubeApiServer;
  let client: KubeClient;
  let kubectl: (...args: readonly string[]) => Promise<KubectlResult>;
  let manifests: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-'));
    manifests = await mkdtemp(join(directory, 'manifests-'));
    const kubeconfigPath = join(directory, 'kubeconfig');
    const home = { host: '127.0.0.1', port: 0, dataDir: directory, kubeconfigPath };
    server = new KubeApiServer({ ...home, definitions: RESOURCE_DEFINITIONS }, systemClock, silentLogger);
    await server.start();
    client = createKubeClient({ kubeconfig: kubeconfigPath, userAgent: 'millrace-test' });
    kubectl = kubectlFor(kubeconfigPath);
    for (const [name, text] of Object.entries(MANIFESTS)) await writeFile(join(manifests, name), text);
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  const versions = async () => {
    const { stdout } = await kubectl('get', 'channel/orders', 'svc/orders', '-o', 'json');
    const { items } = JSON.parse(stdout) as { items: { metadata: { resourceVersion: string } }[] };
    return items.map(({ metadata }) => metadata.resourceVersion);
  };
  const apply = (folder: string) =>
    new ManifestFolder({ client, folder, clock: systemClock, logger: silentLogger }).apply();

  it('find each other unchanged, whoever came first', async () => {
    await apply(manifests);
    const first = await versions();

    const { stdout } = await kubectl('apply', '-f', manifests);
    await apply(manifests);

    expect(stdout).toMatch(/orders unchanged\n.*orders unchanged\n$/);
    expect(await versions()).toEqual(first);
    await kubectl('delete', '-f', manifests);
    await kubectl('apply', '-f', manifests);
    const second = await versions();
    await apply(manifests);
    expect(await versions()).toEqual(second);
  });

  it('take out what the other once put in', async () => {
    const metadata = { name: 'orders', namespace: 'default' };
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    const [ours, theirs] = [await mkdtemp(join(directory, 'ours-')), join(directory, 'theirs.json')];
    await writeFile(join(ours, 'a.json'), JSON.stringify({ ...configMap, data: { both: '1', ours: '1' } }));
    await writeFile(theirs, JSON.stringify({ ...configMap, data: { both: '1', theirs: '1' } }));
    await apply(ours);

    expect((await kubectl('apply', '-f', theirs)).stdout).toBe('configmap/orders configured\n');
    const data = async () => (await kubectl('get', 'cm', 'orders', '-o', 'jsonpath={.data}')).stdout;
    expect(JSON.parse(await data())).toEqual({ both: '1', theirs: '1' });

    await apply(ours);
    expect(JSON.parse(await data())).toEqual({ both: '1', ours: '1' });
  });
});
