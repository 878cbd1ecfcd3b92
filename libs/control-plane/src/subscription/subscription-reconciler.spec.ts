import {
  CHANNEL,
  KNATIVE_SERVICE,
  SERVICE,
  SUBSCRIPTION,
  type Channel,
  type ChannelSubscriber,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryKube, refusal } from '../../test/in-memory-kube.js';
import {
  EVENTING,
  channel,
  conditionOf,
  coreService,
  eventsOf,
  knativeService,
  provisioner,
  readyStatus,
  settled,
  startControlPlane,
  subscription,
  type Scene,
} from '../../test/scene.js';
import { CLUSTER_CHANNEL_PROVISIONER } from '@millrace/eventing-api';

const ORDERS = { namespace: 'default', name: 'orders' };
const BILLING = { namespace: 'default', name: 'billing' };

let kube: InMemoryKube;
let scene: Scene;

beforeEach(async () => {
  kube = new InMemoryKube();
  await kube.seed(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
  scene = await startControlPlane(kube);
});

afterEach(() => scene.stop());

const subscribersOf = async (): Promise<ChannelSubscriber[]> =>
  (await kube.get(CHANNEL, ORDERS))?.spec?.subscribable?.subscribers ?? [];

/** What the provisioner does once it serves a Subscription. */
async function serve(ready: 'True' | 'False' | 'Unknown' = 'True', message?: string): Promise<void> {
  const current = (await kube.get(CHANNEL, ORDERS)) as Channel;
  const subscribers = (await subscribersOf()).map(({ uid = '', generation = 0 }) => ({
    uid,
    observedGeneration: generation,
    ready,
    ...(message === undefined ? {} : { message }),
  }));
  await kube.updateStatus(CHANNEL, { ...current, status: { ...current.status, subscribers } });
  await settled(kube);
}

describe('a Subscription that works', () => {
  beforeEach(async () => {
    await kube.create(CHANNEL, channel('orders'));
    await kube.create(SERVICE, coreService('billing'));
    await kube.create(
      SUBSCRIPTION,
      subscription('billing', { subscriber: { ref: { apiVersion: 'v1', kind: 'Service', name: 'billing' } } }),
    );
    await settled(kube);
  });

  it('is entered into its Channel with everything that the data plane needs', async () => {
    const stored = await kube.get(SUBSCRIPTION, BILLING);
    expect(await subscribersOf()).toEqual([
      {
        ref: {
          apiVersion: EVENTING,
          kind: 'Subscription',
          namespace: 'default',
          name: 'billing',
          uid: stored?.metadata.uid,
        },
        uid: stored?.metadata.uid,
        generation: 1,
        subscriberURI: 'http://billing.default.svc.cluster.local/',
      },
    ]);
    expect(stored?.metadata.finalizers).toEqual(['subscription-controller']);
    expect(stored?.status?.physicalSubscription).toEqual({
      subscriberURI: 'http://billing.default.svc.cluster.local/',
    });
  });

  it('is not Ready before the provisioner says that it serves this generation', async () => {
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'SubscriptionNotMarkedReadyByChannel',
    });
    await serve();
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')).toMatchObject({ status: 'True' });
  });

  it('records one Event when it becomes Ready, and none when it is looked at again', async () => {
    await serve();
    const ready = await kube.get(CHANNEL, ORDERS);
    await kube.patch(CHANNEL, ORDERS, 'application/merge-patch+json', { metadata: { labels: { touched: 'yes' } } });
    await settled(kube);
    expect(ready).toBeDefined();
    expect(await eventsOf(kube)).toEqual(['Subscription/billing SubscriptionReconciled']);
  });

  it('comes to rest: nothing is written when nothing happens', async () => {
    await serve();
    kube.writes.length = 0;
    await settled(kube, 150);
    expect(kube.writes).toEqual([]);
  });

  it('is not Ready while its Channel is not, and says why', async () => {
    await serve();
    const current = (await kube.get(CHANNEL, ORDERS)) as Channel;
    const conditions = [{ type: 'Ready', status: 'False' as const, reason: 'NotProvisioned', message: 'disk full' }];
    await kube.updateStatus(CHANNEL, { ...current, status: { ...current.status, conditions } });
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'ChannelReady')).toMatchObject({
      status: 'False',
      reason: 'ChannelNotReady',
      message: 'Channel "orders" is not Ready: disk full',
    });
  });

  it('passes on what the provisioner cannot do', async () => {
    await serve('False', 'this store keeps no order');
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'SubscriptionRefusedByChannel',
      message: 'this store keeps no order',
    });
  });

  it('is not disturbed by what the Channel says of another Subscription of its name that is gone', async () => {
    await serve();
    const current = (await kube.get(CHANNEL, ORDERS)) as Channel;
    const gone = {
      ...{ uid: 'former', name: 'billing', observedGeneration: 1, ready: 'False' as const, message: 'It is gone.' },
      resumableUntil: '2026-01-31T12:00:00Z',
    };
    const subscribers = [gone, ...(current.status?.subscribers ?? [])];
    await kube.updateStatus(CHANNEL, { ...current, status: { ...current.status, subscribers } });
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')?.status).toBe('True');

    await kube.updateStatus(CHANNEL, {
      ...((await kube.get(CHANNEL, ORDERS)) as Channel),
      status: { ...current.status, subscribers: [gone] },
    });
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'SubscriptionNotMarkedReadyByChannel',
      message: 'The provisioner of Channel "orders" has not taken up this Subscription yet.',
    });
  });

  it('is Ready while it is paused, once the provisioner has taken that up', async () => {
    await kube.patch(SUBSCRIPTION, BILLING, 'application/merge-patch+json', { spec: { paused: true } });
    await settled(kube);
    expect(await subscribersOf()).toMatchObject([{ paused: true, generation: 2 }]);
    await serve();
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')?.status).toBe('True');
    await kube.patch(SUBSCRIPTION, BILLING, 'application/merge-patch+json', { spec: { paused: false } });
    await settled(kube);
    expect((await subscribersOf())[0]).not.toHaveProperty('paused');
  });

  it('leaves the Channel, turns False and shows no URL when its subscriber is deleted', async () => {
    await serve();
    await kube.delete(SERVICE, BILLING);
    await settled(kube);
    const stored = await kube.get(SUBSCRIPTION, BILLING);
    expect(await subscribersOf()).toEqual([]);
    expect(stored?.status?.physicalSubscription).toEqual({});
    expect(conditionOf(stored, 'Ready')).toMatchObject({ status: 'False', reason: 'SubscriberResolveFailed' });
    expect(await eventsOf(kube)).toContain('Subscription/billing SubscriberResolveFailed');
  });

  it('is entered again at once when its Channel is deleted and created again', async () => {
    await serve();
    await kube.delete(CHANNEL, ORDERS);
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'ChannelReady')).toMatchObject({
      status: 'False',
      reason: 'ChannelNotFound',
    });
    await kube.create(CHANNEL, channel('orders'));
    await settled(kube);
    expect(await subscribersOf()).toHaveLength(1);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'ChannelReady')?.status).toBe('Unknown');
  });

  it('leaves the Channel before it goes itself', async () => {
    await kube.delete(SUBSCRIPTION, BILLING);
    await settled(kube);
    expect(await kube.get(SUBSCRIPTION, BILLING)).toBeUndefined();
    expect(await subscribersOf()).toEqual([]);
    const removed = kube.writes.findIndex(
      ({ kind, body }) => kind === 'Channel' && JSON.stringify(body).includes('"subscribers":[]'),
    );
    const released = kube.writes.findIndex(
      ({ kind, body }) => kind === 'Subscription' && JSON.stringify(body).includes('"finalizers":[]'),
    );
    expect(removed).toBeGreaterThan(-1);
    expect(released).toBeGreaterThan(removed);
  });

  it('goes although its Channel is gone', async () => {
    await kube.delete(CHANNEL, ORDERS);
    await settled(kube);
    await kube.delete(SUBSCRIPTION, BILLING);
    await settled(kube);
    expect(await kube.get(SUBSCRIPTION, BILLING)).toBeUndefined();
  });

  it('gets its entry back when somebody applies the Channel without it', async () => {
    const before = await subscribersOf();
    const patch = { spec: { subscribable: { subscribers: [{ uid: 'made-up', subscriberURI: 'http://x/' }] } } };
    await kube.patch(CHANNEL, ORDERS, 'application/merge-patch+json', patch);
    await settled(kube);
    expect(await subscribersOf()).toEqual(before);
  });

  it('carries the delivery of the Channel, and its own whole once it has one', async () => {
    await kube.patch(CHANNEL, ORDERS, 'application/merge-patch+json', { spec: { delivery: { retry: 3 } } });
    await settled(kube);
    expect((await subscribersOf())[0]?.delivery).toEqual({ retry: 3 });
    await kube.patch(SUBSCRIPTION, BILLING, 'application/merge-patch+json', {
      spec: { delivery: { timeout: 'PT5S' } },
    });
    await settled(kube);
    expect(await subscribersOf()).toMatchObject([{ delivery: { timeout: 'PT5S' }, generation: 2 }]);
    expect((await subscribersOf())[0]?.delivery).not.toHaveProperty('retry');
  });

  it('keeps its entry when the controller restarts', async () => {
    await serve();
    const before = await subscribersOf();
    await scene.stop();
    kube.writes.length = 0;
    scene = await startControlPlane(kube);
    await settled(kube);
    expect(await subscribersOf()).toEqual(before);
    expect(kube.writes).toEqual([]);
  });
});

describe('a Subscription that comes before what it names', () => {
  it('waits for its Channel and tells what to do', async () => {
    await kube.create(SUBSCRIPTION, subscription('billing', { subscriber: { uri: 'http://example.com/in' } }));
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ChannelNotFound',
      message: expect.stringContaining('There is no Channel "orders" in namespace "default". Create it'),
    });
    expect(await eventsOf(kube)).toEqual(['Subscription/billing ChannelReferenceFetchFailed']);
    await kube.create(CHANNEL, channel('orders'));
    await settled(kube);
    expect(await subscribersOf()).toMatchObject([{ subscriberURI: 'http://example.com/in' }]);
  });

  it('takes effect when its Knative Service gets an address', async () => {
    await kube.create(CHANNEL, channel('orders'));
    const ref = { apiVersion: 'serving.knative.dev/v1alpha1', kind: 'Service', name: 'dumper' };
    await kube.create(SUBSCRIPTION, subscription('billing', { subscriber: { ref } }));
    const service = await kube.create(KNATIVE_SERVICE, knativeService('dumper'));
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Resolved')).toMatchObject({
      status: 'False',
      message: expect.stringContaining('Service.serving.knative.dev "dumper" has no address yet'),
    });
    const address = { hostname: 'dumper.default.svc.cluster.local' };
    await kube.updateStatus(KNATIVE_SERVICE, { ...service, status: { address } });
    await settled(kube);
    expect(await subscribersOf()).toMatchObject([{ subscriberURI: 'http://dumper.default.svc.cluster.local/' }]);
  });

  it('does without a subscriber where there is a reply Channel', async () => {
    await kube.create(CHANNEL, channel('orders'));
    await kube.create(CHANNEL, channel('answers'));
    const reply = { channel: { apiVersion: EVENTING, kind: 'Channel', name: 'answers' } };
    await kube.create(SUBSCRIPTION, subscription('billing', { reply }));
    await settled(kube);
    const [entry] = await subscribersOf();
    expect(entry).toMatchObject({ replyURI: readyStatus('answers').address?.url });
    expect(entry).not.toHaveProperty('subscriberURI');
  });

  it('says so when its reply Channel is missing', async () => {
    await kube.create(CHANNEL, channel('orders'));
    const reply = { channel: { apiVersion: EVENTING, kind: 'Channel', name: 'answers' } };
    await kube.create(SUBSCRIPTION, subscription('billing', { subscriber: { dnsName: 'billing' }, reply }));
    await settled(kube);
    expect(conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready')?.reason).toBe('ReplyResolveFailed');
    expect(await eventsOf(kube)).toEqual(['Subscription/billing ResultResolveFailed']);
    expect(await subscribersOf()).toEqual([]);
  });
});

it('tells once when the Channel refuses the list of subscribers, and heals', async () => {
  kube.refuse = ({ kind, verb }) =>
    kind === 'Channel' && verb === 'patch' ? refusal(403, 'Forbidden', 'channels is forbidden') : undefined;
  await kube.create(CHANNEL, channel('orders'));
  await kube.create(SUBSCRIPTION, subscription('billing', { subscriber: { uri: 'http://example.com/' } }));
  await expect
    .poll(async () => conditionOf(await kube.get(SUBSCRIPTION, BILLING), 'Ready'))
    .toMatchObject({ status: 'False', reason: 'PhysicalChannelSyncFailed' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await eventsOf(kube)).toEqual(['Subscription/billing PhysicalChannelSyncFailed']);
  kube.refuse = undefined;
  await expect.poll(subscribersOf).toHaveLength(1);
});
