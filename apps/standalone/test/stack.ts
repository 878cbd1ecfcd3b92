import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubeClient, ManifestFolder, type KubeClient } from '@millrace/kube';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import { freePort, startApp, type AppProcess } from './app-process.js';
import { eventually } from './eventually.js';

const PROVISIONERS = join(import.meta.dirname, '../../provisioner-in-memory/manifests');
/** What `npm start` applies. */
export const QUICKSTART = join(import.meta.dirname, '../quickstart');

/** A whole Millrace, in whichever processes, with a message-dumper beside it. */
export interface Stack {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  /** `http://127.0.0.1:<port>` of the event ingress. */
  readonly ingress: string;
  readonly dumper: AppProcess;
  readonly apps: readonly AppProcess[];
  /** Ends all with SIGTERM and says how each process ended. */
  stop(): Promise<Record<string, number | null>>;
}

/** api-server, controller, ingress-dispatcher and provisioner-in-memory, each a process of its own. */
export async function startSeparateProcesses(): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-'));
  const kubeconfig = join(dataDir, 'kubeconfig');
  const [apiPort, ingressPort, intakePort] = [await freePort(), await freePort(), await freePort()];
  const api = await startApp('api-server', [
    '--api-port',
    `${apiPort}`,
    '--data-dir',
    dataDir,
    '--management-port',
    '0',
  ]);
  const others = await Promise.all([
    startApp('controller', [
      ...['--kubeconfig', kubeconfig, '--management-port', '0'],
      // No cluster DNS here.
      ...['--service-addresses', 'endpoints'],
    ]),
    startApp('ingress-dispatcher', [
      ...['--kubeconfig', kubeconfig, '--management-port', '0', '--ingress-port', `${ingressPort}`],
    ]),
    startApp('provisioner-in-memory', [
      ...['--kubeconfig', kubeconfig, '--management-port', '0', '--intake-port', `${intakePort}`],
      ...['--channel-url-template', `http://127.0.0.1:${ingressPort}/{namespace}/{name}`],
    ]),
  ]);
  const client = createKubeClient({ kubeconfig, userAgent: 'millrace-test' });
  await applyProvisioners(client);
  return completeStack({ client, kubeconfig, ingressPort, apps: [...others, api], dataDir });
}

/** Creates the two ClusterChannelProvisioners of the in-memory driver. */
export async function applyProvisioners(client: KubeClient): Promise<void> {
  await new ManifestFolder({ client, folder: PROVISIONERS, clock: systemClock, logger: silentLogger }).apply();
}

/** The one process of `npm start`, with no manifests of its own. */
export async function startStandalone(): Promise<Stack> {
  const { start, dataDir, ingressPort } = await prepareStandalone();
  const standalone = await start();
  const kubeconfig = join(dataDir, 'kubeconfig');
  const client = createKubeClient({ kubeconfig, userAgent: 'millrace-test' });
  return completeStack({ client, kubeconfig, ingressPort, apps: [standalone], dataDir });
}

/** The two homes in which every story of events has to go the same way. */
export const HOMES = [
  { home: 'separate processes', start: startSeparateProcesses },
  { home: 'standalone', start: startStandalone },
] as const;

/** A data directory and ports for a standalone that is started more than once. */
export async function prepareStandalone() {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-'));
  const manifests = join(dataDir, 'manifests');
  await mkdir(manifests);
  const [apiPort, ingressPort] = [await freePort(), await freePort()];
  const args = [
    ...['--api-port', `${apiPort}`, '--ingress-port', `${ingressPort}`, '--management-port', '0'],
    ...['--data-dir', dataDir, '--manifests', manifests],
  ];
  return {
    dataDir,
    ingressPort,
    ingress: `http://127.0.0.1:${ingressPort}`,
    kubeconfig: join(dataDir, 'kubeconfig'),
    start: () => startApp('standalone', args),
  };
}

interface StartedApps {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly ingressPort: number;
  /** In the order in which they end. */
  readonly apps: readonly AppProcess[];
  readonly dataDir: string;
}

async function completeStack(started: StartedApps): Promise<Stack> {
  const dumper = await startApp('message-dumper', ['--port', '0', '--management-port', '0']);
  const ingress = `http://127.0.0.1:${started.ingressPort}`;
  await eventually('the ingress knows its Channels', async () => {
    const { status } = await fetch(`${ingress}/default/nobody`, { method: 'POST' });
    return status === 503 ? undefined : status;
  });
  return {
    ...started,
    ingress,
    dumper,
    async stop() {
      const ends: Record<string, number | null> = {};
      for (const app of [...started.apps, dumper]) ends[app.app] = await app.end('SIGTERM');
      await started.client.close();
      await rm(started.dataDir, { recursive: true, force: true });
      return ends;
    },
  };
}
