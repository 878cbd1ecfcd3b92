import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLUSTER_CHANNEL_PROVISIONER, findCondition, type ClusterChannelProvisioner } from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { freePort, startApp, type AppProcess } from '../app-process.js';
import { eventually } from '../eventually.js';
import { ProvisionerReplica } from './provisioner-replica.js';

/** So that it is the limit of the broker that an oversize event meets. */
const MAX_EVENT_BYTES = 24 * 1024 * 1024;

/** Millrace with one provisioner app: api-server, controller, ingress and the replicas, each a process of its own. */
export class FaultHome implements AsyncDisposable {
  private constructor(
    readonly client: KubeClient,
    /** `http://127.0.0.1:<port>` of the event ingress. */
    readonly ingress: string,
    readonly replicas: readonly ProvisionerReplica[],
    private readonly apps: readonly AppProcess[],
    private readonly dataDir: string,
  ) {}

  static async start(provisionerApp: string, replicaCount: number): Promise<FaultHome> {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
    const kubeconfig = join(dataDir, 'kubeconfig');
    const [apiPort, ingressPort] = [await freePort(), await freePort()];
    const common = ['--kubeconfig', kubeconfig, '--management-port', '0'];
    const api = await startApp('api-server', [
      ...['--api-port', `${apiPort}`, '--data-dir', dataDir, '--management-port', '0'],
    ]);
    const replicas: ProvisionerReplica[] = [];
    for (let index = 0; index < replicaCount; index += 1) {
      const args = [
        ...[...common, '--max-event-bytes', `${MAX_EVENT_BYTES}`, '--deletion-grace-period', 'PT1S'],
        ...['--channel-url-template', `http://127.0.0.1:${ingressPort}/{namespace}/{name}`],
        ...(replicaCount > 1 ? ['--leader-election'] : []),
      ];
      replicas.push(new ProvisionerReplica(provisionerApp, args, await freePort()));
    }
    const others = await Promise.all([
      startApp('controller', [...common, '--service-addresses', 'endpoints']),
      startApp('ingress-dispatcher', [
        ...[...common, '--ingress-port', `${ingressPort}`, '--max-event-bytes', `${MAX_EVENT_BYTES}`],
      ]),
      ...replicas.map((replica) => replica.start()),
    ]);
    const client = createKubeClient({ kubeconfig, userAgent: 'millrace-test' });
    const apps = [api, ...others.filter((app) => app !== undefined)];
    return new FaultHome(client, `http://127.0.0.1:${ingressPort}`, replicas, apps, dataDir);
  }

  /** The replica that reconciles and, by its address in the status, takes in events. */
  async leader(provisioner: string): Promise<ProvisionerReplica> {
    const found = await this.client.get(CLUSTER_CHANNEL_PROVISIONER, { name: provisioner });
    const port = Number(new URL(found?.status?.address?.url ?? 'http://nobody:0').port);
    const leader = this.replicas.find(({ intakePort }) => intakePort === port);
    if (!leader) throw new Error(`no replica takes in the events of ${provisioner}`);
    return leader;
  }

  /** Waits until a ClusterChannelProvisioner is as it should be, for a minute and a half: a store is asked how it is every 30 s. */
  async provisioner(
    name: string,
    what: string,
    isSo: (found: ClusterChannelProvisioner) => boolean,
  ): Promise<ClusterChannelProvisioner> {
    let last: unknown;
    const ask = async () => {
      const found = await this.client.get(CLUSTER_CHANNEL_PROVISIONER, { name });
      last = findCondition(found?.status?.conditions, 'Ready');
      return found && isSo(found) ? found : undefined;
    };
    try {
      return await eventually(`ClusterChannelProvisioner ${name} ${what}`, ask, 90_000);
    } catch (error) {
      throw new Error(`${(error as Error).message}; it says ${JSON.stringify(last)}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const provisioners = this.replicas.map((replica) => replica.kill());
    await Promise.all([...provisioners, ...this.apps.map((app) => app.end('SIGKILL'))]);
    await this.client.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
