import {
  CLUSTER_CHANNEL_PROVISIONER,
  findCondition,
  silentLogger,
  type ChannelDriver,
  type ChannelDriverProvider,
  type Health,
} from '@millrace/eventing-api';
import { DeliveryEngine } from '@millrace/delivery';
import { createKubeClient } from '@millrace/kube';
import { KubeTestServer, ManualClock } from '@millrace/testing';
import { expect, it } from 'vitest';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { MapCache } from '../../test/map-cache.js';
import { provisionerObject } from '../../test/test-objects.js';
import { EventRecorders } from '../event-recorders.js';
import { StoreHost } from '../stores/store-host.js';
import { ProvisionerReconciler } from './provisioner-reconciler.js';

const NAME = 'in-memory';

it('asks a store that is away more often, tells what it says, and calls its Channels when it is back', async () => {
  await using stack = new AsyncDisposableStack();
  const store = storeWithHealth();
  const { reconcile, recovered } = await startReconciler(stack, store.provider);

  store.health = { status: 'down', message: 'connection refused' };
  const away = await reconcile();
  expect(away.ready).toMatchObject({ status: 'False', reason: 'StoreUnavailable', message: 'connection refused' });
  expect(recovered).toEqual([]);

  store.health = { status: 'up' };
  const back = await reconcile();
  expect(back.ready?.status).toBe('True');
  expect(recovered).toEqual([NAME]);
  expect(away.requeueAfterMs).toBeLessThan(back.requeueAfterMs);

  await reconcile();
  expect(recovered).toEqual([NAME]);
});

/** The in-memory driver as one whose store can be away. */
function storeWithHealth() {
  const store: { health: Health; provider: ChannelDriverProvider } = {
    health: { status: 'up' },
    provider: {
      ...inMemoryDriverProvider,
      open: async (...args) => {
        const driver = await inMemoryDriverProvider.open(...args);
        const health = () => Promise.resolve(store.health);
        return Object.assign(Object.create(driver) as ChannelDriver, { health });
      },
    },
  };
  return store;
}

/** Reconciles a ClusterChannelProvisioner when told to, with a real API. */
async function startReconciler(stack: AsyncDisposableStack, provider: ChannelDriverProvider) {
  const clock = new ManualClock();
  const logger = silentLogger;
  const server = await KubeTestServer.start();
  const client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'test' });
  const engine = new DeliveryEngine({ clock, logger });
  stack.defer(async () => {
    await engine.close();
    await client.close();
    await server.close();
  });
  const options = {
    ...{ providers: [provider], host: '127.0.0.1', intakePort: 0, maxEventBytes: 1000, leaderElection: false },
    ...{
      clusterDomain: 'cluster.local',
      systemNamespace: 'knative-eventing',
      channelUrlTemplate: 'http://{hostname}/',
    },
    ...{ deletionGracePeriodMs: 30_000, resumeGracePeriodMs: 3_600_000 },
  };
  const provisioners = new MapCache([server.put(provisionerObject(NAME))]);
  const consumption = { engine, clock, logger, onLost() {}, onDeadLetterFault() {} };
  const stores = new StoreHost({ client, provisioners, options, consumption, onChange() {} });
  stack.defer(() => stores.close());
  await stores.reconcile({ name: NAME });
  const recovered: string[] = [];
  const reconciler = new ProvisionerReconciler({
    ...{ client, provisioners, stores, options, clock, logger },
    events: new EventRecorders(client, clock, logger),
    intakeUrl: () => 'http://127.0.0.1:1',
    onRecovered: (provisioner) => recovered.push(provisioner),
  });
  const reconcile = async () => {
    const result = await reconciler.reconcile({ name: NAME });
    const after = await client.get(CLUSTER_CHANNEL_PROVISIONER, { name: NAME });
    if (after) provisioners.put(after);
    const ready = findCondition(after?.status?.conditions, 'Ready');
    return { ready, requeueAfterMs: result?.requeueAfterMs ?? Infinity };
  };
  return { reconcile, recovered };
}
