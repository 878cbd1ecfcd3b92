import {
  silentLogger,
  type Channel,
  type ClusterChannelProvisioner,
  type Condition,
  type KubeObject,
} from '@millrace/eventing-api';
import { createKubeClient, type KubeClient } from '@millrace/kube';
import { DeliveryEngine } from '@millrace/delivery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeTestServer, ManualClock, sendStatus } from '@millrace/testing';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { MapCache } from '../../test/map-cache.js';
import { channelObject, provisionerObject, subscriber, subscriptionObject } from '../../test/test-objects.js';
import { EventRecorders } from '../event-recorders.js';
import { StoreHost } from '../stores/store-host.js';
import { ChannelReconciler } from './channel-reconciler.js';

const OPTIONS = {
  providers: [inMemoryDriverProvider],
  host: '127.0.0.1',
  intakePort: 0,
  clusterDomain: 'cluster.local',
  systemNamespace: 'knative-eventing',
  channelUrlTemplate: 'http://{ingress}:7641/{namespace}/{name}',
  maxEventBytes: 1000,
  deletionGracePeriodMs: 30_000,
  leaderElection: false,
};

let server: KubeTestServer;
let client: KubeClient;
let engine: DeliveryEngine;
const clock = new ManualClock();

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'test' });
  engine = new DeliveryEngine({ clock, logger: silentLogger });
});

afterEach(async () => {
  await engine.close();
  await client.close();
  await server.close();
});

const putChannel = (channel: Channel): Channel => server.put(channel);

/** One reconcile of `channel`, with everything around it real but the caches. */
async function reconcile(
  channel: Channel,
  provisioners: readonly ClusterChannelProvisioner[] = [provisionerObject('in-memory')],
) {
  const stored = putChannel(channel);
  const channels = new MapCache([stored]);
  const provisionerCache = new MapCache(provisioners);
  const events = new EventRecorders(client, clock, silentLogger);
  const consumption = { engine, clock, logger: silentLogger, onLost() {} };
  const stores = new StoreHost({
    client,
    provisioners: provisionerCache,
    options: OPTIONS,
    consumption,
    onChange() {},
  });
  for (const { metadata } of provisioners) await stores.reconcile({ name: metadata.name! });
  const reconciler = new ChannelReconciler({
    client,
    channels,
    provisioners: provisionerCache,
    stores,
    events,
    options: OPTIONS,
    clock,
  });
  const key = { namespace: 'default', name: 'orders' };
  const run = async () => {
    const from = server.requests.length;
    const outcome = await reconciler.reconcile(key, new AbortController().signal).catch((error: unknown) => error);
    await events.flush();
    const requests = server.requests.slice(from).filter(({ method }) => method !== 'GET');
    const after = (await client.get<Channel>(KIND, key))!;
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
  return { run, channels, stores, uid: stored.metadata.uid! };
}

const KIND = {
  group: 'eventing.knative.dev',
  version: 'v1alpha1',
  kind: 'Channel',
  plural: 'channels',
  namespaced: true,
};

function short(path: string): string {
  return path.replace(/^\/(api\/v1|apis\/[^/]+\/[^/]+)\/namespaces\//, '');
}

function conditions(channel: Channel): Record<string, string> {
  const list: readonly Condition[] = channel.status?.conditions ?? [];
  return Object.fromEntries(list.map(({ type, status, reason }) => [type, reason ? `${status} ${reason}` : status]));
}

/** The test server counts UIDs from here. */
const SERVICE_NAME = 'orders-channel-uid10';

describe('a reconcile of a Channel', () => {
  interface Row {
    readonly reason: string;
    readonly channel: Channel;
    readonly provisioners?: readonly ClusterChannelProvisioner[];
    readonly writes: readonly string[];
    readonly conditions: Record<string, string>;
    readonly events: readonly string[];
  }
  const rows: readonly Row[] = [
    {
      reason: 'a new Channel gets finalizer, Service and status, and one Event',
      channel: channelObject(),
      writes: ['PATCH default/channels/orders', 'POST default/services', 'PUT default/channels/orders/status'],
      conditions: { Ready: 'True', Provisioned: 'True', Addressable: 'True' },
      events: ['Normal ChannelReconciled'],
    },
    {
      reason: 'with Istio there is a VirtualService too',
      channel: channelObject(),
      provisioners: [provisionerObject('in-memory', { routing: 'Istio' })],
      writes: [
        'PATCH default/channels/orders',
        'POST default/services',
        'POST default/virtualservices',
        'PUT default/channels/orders/status',
      ],
      conditions: { Ready: 'True', Provisioned: 'True', Addressable: 'True' },
      events: ['Normal ChannelReconciled'],
    },
    {
      reason: 'arguments that the driver does not know leave the Channel unprovisioned, and nothing is made',
      channel: channelObject({ arguments: { NumPartitions: 3 } }),
      writes: ['PATCH default/channels/orders', 'PUT default/channels/orders/status'],
      conditions: { Ready: 'False InvalidArguments', Provisioned: 'False InvalidArguments', Addressable: 'Unknown' },
      events: ['Warning InvalidArguments'],
    },
    {
      reason: 'a Channel of a provisioner that nobody here serves is not touched',
      channel: channelObject({ provisioner: { name: 'kafka' } }),
      provisioners: [provisionerObject('in-memory'), provisionerObject('kafka')],
      writes: [],
      conditions: {},
      events: [],
    },
    {
      reason: 'a Channel of a provisioner that does not exist is not touched',
      channel: channelObject(),
      provisioners: [],
      writes: [],
      conditions: {},
      events: [],
    },
    {
      reason: 'a reference with a namespace names no provisioner of ours, as in 2019',
      channel: channelObject({ provisioner: { name: 'in-memory', namespace: 'default' } }),
      writes: [],
      conditions: {},
      events: [],
    },
    {
      reason: 'a provisioner of any name is served when its driver is ours',
      channel: channelObject({ provisioner: { name: 'small' } }),
      provisioners: [provisionerObject('small', { driver: 'in-memory', parameters: { maxQueuedEvents: 5 } })],
      writes: ['PATCH default/channels/orders', 'POST default/services', 'PUT default/channels/orders/status'],
      conditions: { Ready: 'True', Provisioned: 'True', Addressable: 'True' },
      events: ['Normal ChannelReconciled'],
    },
    {
      reason: 'a Channel that is being deleted and never was ours to finish is left alone',
      channel: channelObject({}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['somebody-else'] }),
      writes: [],
      conditions: {},
      events: [],
    },
    {
      reason: 'a deleted Channel whose grace period is over loses our finalizer alone',
      channel: channelObject(
        {},
        { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['somebody-else', 'in-memory-channel-controller'] },
      ),
      writes: ['PATCH default/channels/orders'],
      conditions: {},
      events: [],
    },
  ];
  it.each(rows)('$reason', async ({ channel, provisioners, ...expected }) => {
    const { run } = await reconcile(channel, provisioners);
    const { after, writes, events } = await run();
    expect(writes).toEqual(expected.writes);
    expect(conditions(after)).toEqual(expected.conditions);
    expect(events).toEqual(expected.events);
  });

  it('writes nothing and tells nothing the second time', async () => {
    const { run } = await reconcile(channelObject());
    await run();
    expect(await run()).toMatchObject({ writes: [], events: [] });
  });

  it('tells address, generation, finalizer and an owned, labelled Service', async () => {
    const { run } = await reconcile(channelObject());
    const { after } = await run();
    expect(after.metadata.finalizers).toEqual(['in-memory-channel-controller']);
    expect(after.status).toMatchObject({
      observedGeneration: 3,
      address: {
        hostname: 'orders-channel-uid10.default.svc.cluster.local',
        url: 'http://ingress-dispatcher.knative-eventing.svc.cluster.local:7641/default/orders',
      },
    });
    expect(server.requestsOf('POST', `/api/v1/namespaces/default/services`)[0]?.body).toMatchObject({
      metadata: {
        name: SERVICE_NAME,
        labels: {
          'eventing.knative.dev/channel': 'orders',
          'eventing.knative.dev/provisioner': 'in-memory',
          channel: 'orders',
          provisioner: 'in-memory',
        },
        ownerReferences: [{ kind: 'Channel', uid: 'uid-101', controller: true }],
      },
      spec: { type: 'ExternalName', externalName: 'ingress-dispatcher.knative-eventing.svc.cluster.local' },
    });
  });

  it('repairs a Service that somebody bent, and leaves what others added', async () => {
    const { run } = await reconcile(channelObject());
    await run();
    const path = `/api/v1/namespaces/default/services/${SERVICE_NAME}`;
    const service = (await (await fetch(`${server.url}${path}`)).json()) as KubeObject;
    server.put({
      ...service,
      metadata: { ...service.metadata, labels: { mine: 'yes' } },
      spec: { ...(service['spec'] as object), externalName: 'nowhere' },
    });
    expect((await run()).writes).toEqual([`PUT default/services/${SERVICE_NAME}`]);
    expect(await (await fetch(`${server.url}${path}`)).json()).toMatchObject({
      metadata: { labels: { mine: 'yes', channel: 'orders' } },
      spec: { externalName: 'ingress-dispatcher.knative-eventing.svc.cluster.local' },
    });
  });

  it('says why it is not addressable when the Service cannot be made, tells it once, and still takes events', async () => {
    const { run, stores, uid } = await reconcile(channelObject());
    server.intercept = ({ method, path }, response) => {
      if (method !== 'POST' || !path.endsWith('/services')) return false;
      sendStatus(response, 403, 'Forbidden', 'no right to make Services');
      return true;
    };
    const first = await run();
    expect(first.outcome).toBeInstanceOf(Error);
    expect(conditions(first.after)).toMatchObject({ Ready: 'False ServiceFailed', Provisioned: 'True' });
    expect(first.events).toEqual(['Warning K8sServiceCreateFailed']);
    expect((await run()).events).toEqual([]);
    expect(stores.open('in-memory')?.channel(uid)?.opened).toBe(true);
    server.intercept = () => false;
    const healed = await run();
    expect(conditions(healed.after)).toMatchObject({ Ready: 'True' });
    expect(healed.events).toEqual(['Normal ChannelReconciled']);
  });

  it('tells of each subscriber whether it is served, and why not', async () => {
    const subscribers = [
      subscriber('good', 'http://127.0.0.1:1/'),
      subscriber('bad', 'ftp://example.com/'),
      { subscriberURI: 'http://127.0.0.1:1/by-hand' },
    ];
    const { run } = await reconcile(channelObject({ subscribable: { subscribers } }));
    expect((await run()).after.status?.subscribers).toEqual([
      { uid: 'uid-of-good', observedGeneration: 1, ready: 'True' },
      {
        uid: 'uid-of-bad',
        observedGeneration: 1,
        ready: 'False',
        message: '"ftp://example.com/" is not an absolute http or https URL',
      },
    ]);
  });

  it('keeps what waits for an entry that vanished until the API says that its Subscription is gone', async () => {
    server.put(subscriptionObject('a'));
    const { run, channels, stores, uid } = await reconcile(
      channelObject({ subscribable: { subscribers: [subscriber('a', 'http://127.0.0.1:1/')] } }),
    );
    const { after } = await run();
    channels.put(putChannel({ ...after, spec: { provisioner: { name: 'in-memory' } } }));
    const store = stores.open('in-memory')!;
    const backlog = () =>
      store.driver.backlog({ channel: store.channel(uid)!.driverChannel, name: 'a', uid: 'uid-of-a' });
    expect((await run()).outcome).toEqual({ requeueAfterMs: 30_000 });
    expect(await backlog()).toBeDefined();
    server.remove(subscriptionObject('a'));
    await run();
    expect(await backlog()).toBeUndefined();
  });
});
