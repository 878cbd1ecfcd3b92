import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEPLOYMENT,
  EVENT,
  POD,
  RESOURCE_DEFINITIONS,
  silentLogger,
  systemClock,
  type Clock,
  type Deployment,
  type Pod,
  type PodSpec,
} from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { KubeApiServer } from '@millrace/kube-api-server';
import { LocalRunner } from '../src/local-runner.js';

/** An embedded API and a local runner on it, as `npm start` has them. */
export interface Laptop {
  readonly client: KubeClient;
  /** Goes with the laptop. */
  readonly folder: string;
  readonly podLogDir: string;
  runner: LocalRunner;
  /** Ends the runner and starts another one, as a restart of the process does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param clock of the runner; the API has the machine's */
export async function startLaptop(clock: Clock = systemClock): Promise<Laptop> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-runner-'));
  const podLogDir = join(folder, 'pods');
  const kubeconfig = join(folder, 'kubeconfig');
  const api = new KubeApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir: folder,
      podLogDir,
      kubeconfigPath: kubeconfig,
      definitions: RESOURCE_DEFINITIONS,
    },
    systemClock,
    silentLogger,
  );
  await api.start();
  const client = createKubeClient({ kubeconfig, userAgent: 'test' });
  const startRunner = async () => {
    const images = { sample: { main: join(import.meta.dirname, 'images/sample.mjs') } };
    const options = { podLogDir, images, kubeconfig, clusterDomain: 'cluster.local' };
    const runner = new LocalRunner({ client, clock, logger: silentLogger }, options);
    await runner.start();
    return runner;
  };
  const stopRunner = async (runner: LocalRunner) => {
    await runner.stopIntake();
    await runner.close();
  };
  const laptop: Laptop = {
    client,
    folder,
    podLogDir,
    runner: await startRunner(),
    async restart() {
      await stopRunner(laptop.runner);
      laptop.runner = await startRunner();
    },
    async stop() {
      await stopRunner(laptop.runner);
      await client.close();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return laptop;
}

export interface DeploymentParts {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
}

export function deploymentOf(name: string, parts: DeploymentParts = {}): Deployment {
  const labels = { app: name, ...parts.labels };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: parts.replicas ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpecOf(parts) },
    },
  };
}

export function podOf(name: string, parts: DeploymentParts & { readonly restartPolicy?: string } = {}): Pod {
  const { restartPolicy } = parts;
  const spec = { ...podSpecOf(parts), ...(restartPolicy === undefined ? {} : { restartPolicy }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec };
}

function podSpecOf({ image = 'example.com/team/sample:v1', args = [], env = {} }: DeploymentParts): PodSpec {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return { containers: [{ name: 'main', image, args, env: variables }] };
}

export class LaptopView {
  constructor(private readonly laptop: Laptop) {}

  async pods(): Promise<Pod[]> {
    return (await this.laptop.client.list(POD, { namespace: 'default' })).items;
  }

  async readyPods(): Promise<Pod[]> {
    return (await this.pods()).filter((pod) =>
      pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
  }

  deployment(name: string): Promise<Deployment | undefined> {
    return this.laptop.client.get(DEPLOYMENT, { namespace: 'default', name });
  }

  /** Lines of a Pod's log without their time stamps. */
  async log(pod: Pod, container = 'main', suffix = ''): Promise<string[]> {
    const { namespace = '', name = '', uid = '' } = pod.metadata;
    const file = join(this.laptop.podLogDir, `${namespace}_${name}_${uid}`, `${container}.log${suffix}`);
    const text = await readFile(file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace(/^\S+ /, ''));
  }

  async pidOf(pod: Pod, container = 'main'): Promise<number> {
    for (;;) {
      const [first] = await this.log(pod, container);
      const pid = /^pid (\d+)/.exec(first ?? '')?.[1];
      if (pid !== undefined) return Number(pid);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** `<kind>/<name> <reason>`, sorted. */
  async events(): Promise<string[]> {
    const { items } = await this.laptop.client.list(EVENT, { namespace: 'default' });
    return items
      .map(({ involvedObject, reason, count }) => `${involvedObject.kind ?? ''} ${reason ?? ''} x${count ?? 0}`)
      .sort();
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
