import {
  CHANNEL,
  silentLogger,
  type Channel,
  type ChannelDriverProvider,
  type ClusterChannelProvisioner,
  type KubeObject,
  type Logger,
} from '@millrace/eventing-api';
import { DeliveryEngine } from '@millrace/delivery';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { KubeTestServer, ManualClock } from '@millrace/testing';
import { ChannelReconciler } from '../src/channel/channel-reconciler.js';
import { EventRecorders } from '../src/event-recorders.js';
import { StoreHost } from '../src/stores/store-host.js';
import { inMemoryDriverProvider } from './in-memory-driver.js';
import { MapCache } from './map-cache.js';
import { provisionerObject } from './test-objects.js';

const OPTIONS = {
  host: '127.0.0.1',
  intakePort: 0,
  clusterDomain: 'cluster.local',
  systemNamespace: 'knative-eventing',
  channelUrlTemplate: 'http://{ingress}:7641/{namespace}/{name}',
  maxEventBytes: 1000,
  deletionGracePeriodMs: 30_000,
  resumeGracePeriodMs: 3_600_000,
  leaderElection: false,
};

const KEY = { namespace: 'default', name: 'orders' };

export interface ReconcileSetup {
  readonly provisioners?: readonly ClusterChannelProvisioner[];
  readonly provider?: ChannelDriverProvider;
  readonly resumeGracePeriodMs?: number;
  readonly logger?: Logger;
}

/** Reconciles one Channel when told to, with everything around it real but the caches and the time. */
export class ChannelReconcileHarness {
  readonly clock = new ManualClock();
  private readonly engines: DeliveryEngine[] = [];

  private constructor(
    readonly server: KubeTestServer,
    readonly client: KubeClient,
  ) {}

  static async start(): Promise<ChannelReconcileHarness> {
    const server = await KubeTestServer.start();
    return new ChannelReconcileHarness(server, createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'test' }));
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.close()));
    await this.client.close();
    await this.server.close();
  }

  /** What a process does with the Channel from its start on; a second one has forgotten the first. */
  async process(
    channel: Channel | undefined,
    { provisioners = [provisionerObject('in-memory')], provider, resumeGracePeriodMs, logger }: ReconcileSetup = {},
  ) {
    const { client, clock, server } = this;
    const options = {
      ...OPTIONS,
      providers: [provider ?? inMemoryDriverProvider],
      ...(resumeGracePeriodMs === undefined ? {} : { resumeGracePeriodMs }),
    };
    const stored: Channel = channel ? server.put(channel) : (await client.get(CHANNEL, KEY))!;
    const channels = new MapCache([stored]);
    const provisionerCache = new MapCache(provisioners);
    const events = new EventRecorders(client, clock, silentLogger);
    const engine = new DeliveryEngine({ clock, logger: silentLogger });
    this.engines.push(engine);
    const consumption = { engine, clock, logger: logger ?? silentLogger, onLost() {}, onDeadLetterFault() {} };
    const stores = new StoreHost({ client, provisioners: provisionerCache, options, consumption, onChange() {} });
    for (const { metadata } of provisioners) await stores.reconcile({ name: metadata.name! });
    const reconciler = new ChannelReconciler({
      ...{ client, channels, provisioners: provisionerCache, stores, events, options, clock },
      logger: logger ?? silentLogger,
    });
    const run = async () => {
      const from = server.requests.length;
      const outcome = await reconciler.reconcile(KEY, new AbortController().signal).catch((error: unknown) => error);
      await events.flush();
      const requests = server.requests.slice(from).filter(({ method }) => method !== 'GET');
      const after = (await client.get(CHANNEL, KEY))!;
      channels.put(after);
      return {
        outcome,
        after,
        writes: requests
          .filter(({ path }) => !path.endsWith('/events'))
          .map(({ method, path }) => `${method} ${short(path)}`),
        events: requests
          .filter(({ path }) => path.endsWith('/events'))
          .map(({ body }) => `${String((body as KubeObject)['type'])} ${String((body as KubeObject)['reason'])}`),
      };
    };
    /** Changes the Channel as the controller would, and reconciles it. */
    const edit = async (spec: Channel['spec']) => {
      const current = (await client.get(CHANNEL, KEY))!;
      channels.put(server.put({ ...current, spec: { ...current.spec, ...spec } }));
      return run();
    };
    return { run, edit, channels, stores, engine, uid: stored.metadata.uid! };
  }
}

function short(path: string): string {
  return path.replace(/^\/(api\/v1|apis\/[^/]+\/[^/]+)\/namespaces\//, '');
}
