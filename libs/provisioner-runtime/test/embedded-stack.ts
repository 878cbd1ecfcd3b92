import { join } from 'node:path';
import { LocalIntakes } from '@millrace/delivery';
import { noManagementRoutes, noMetrics, silentLogger, systemClock, type ProcessPart } from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { createIngress } from '../../ingress/src/index.js';
import { writeKubeconfig } from '../../kube-api-server/src/server/kubeconfig.js';
import { TestApi } from '../../kube-api-server/test/api-harness.js';
import { createProvisioner } from '../src/create-provisioner.js';
import { inMemoryDriverProvider } from './in-memory-driver.js';

/** The embedded API, a front door and a provisioner of the in-memory driver, wired as `local` (one process) or `remote` (a hop between them). */
export class EmbeddedStack {
  private readonly parts: ProcessPart[] = [];

  private constructor(
    readonly api: TestApi,
    readonly client: KubeClient,
  ) {}

  static async start(wiring: 'local' | 'remote'): Promise<EmbeddedStack> {
    const api = await TestApi.start();
    const kubeconfig = join(api.directory, 'kubeconfig');
    writeKubeconfig(kubeconfig, api.url);
    const stack = new EmbeddedStack(api, createKubeClient({ kubeconfig, userAgent: 'test' }));
    await stack.startParts(wiring === 'local' ? new LocalIntakes() : undefined);
    return stack;
  }

  get ingressUrl(): string {
    const port = this.parts.map((part) => part.ports?.()['ingress']).find((candidate) => candidate !== undefined);
    return `http://127.0.0.1:${port ?? 0}`;
  }

  async stop(): Promise<void> {
    const deadline = AbortSignal.timeout(1000);
    for (const part of this.parts) await part.stopIntake?.();
    await Promise.all(this.parts.map((part) => part.drain?.(deadline) ?? Promise.resolve()));
    for (const part of this.parts.reverse()) await part.close?.();
    await this.client.close();
    await this.api.stop();
  }

  private async startParts(localIntakes: LocalIntakes | undefined): Promise<void> {
    const host = {
      client: this.client,
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
      managementRoutes: noManagementRoutes,
      lifeCycle: { register: (part: ProcessPart) => this.parts.push(part), ports: () => ({}) },
      localIntakes,
    };
    const place = { host: '127.0.0.1', clusterDomain: 'cluster.local', maxEventBytes: 100_000 };
    createProvisioner(
      {
        ...place,
        providers: [inMemoryDriverProvider],
        intakePort: 0,
        systemNamespace: 'knative-eventing',
        channelUrlTemplate: 'http://127.0.0.1/{namespace}/{name}',
        deletionGracePeriodMs: 2000,
        resumeGracePeriodMs: 3_600_000,
        leaderElection: false,
      },
      host,
    );
    createIngress({ ...place, port: 0, maxBytesInFlight: 1_000_000 }, host);
    for (const part of this.parts) await part.start?.();
  }
}
