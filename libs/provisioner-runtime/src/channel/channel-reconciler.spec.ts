import { type Channel, type ClusterChannelProvisioner, type Condition, type KubeObject } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendStatus, type KubeTestServer } from '@millrace/testing';
import { ChannelReconcileHarness } from '../../test/channel-reconcile.js';
import { channelObject, provisionerObject, subscriber } from '../../test/test-objects.js';

let harness: ChannelReconcileHarness;
let server: KubeTestServer;

beforeEach(async () => {
  harness = await ChannelReconcileHarness.start();
  server = harness.server;
});

afterEach(() => harness.close());

const reconcile = (channel: Channel, provisioners?: readonly ClusterChannelProvisioner[]) =>
  harness.process(channel, provisioners ? { provisioners } : {});

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
      { uid: 'uid-of-good', name: 'good', observedGeneration: 1, ready: 'True' },
      {
        uid: 'uid-of-bad',
        name: 'bad',
        observedGeneration: 1,
        ready: 'False',
        message: '"ftp://example.com/" is not an absolute http or https URL without user, password and fragment',
      },
    ]);
  });
});
