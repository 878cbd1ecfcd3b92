import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  EVENT,
  IS_DEFAULT_PROVISIONER_ANNOTATION,
  type Channel,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryKube } from '../../test/in-memory-kube.js';
import {
  channel,
  conditionOf,
  eventsOf,
  provisioner,
  settled,
  startControlPlane,
  type Scene,
} from '../../test/scene.js';
import { ORPHAN_GRACE_MS, decideOrphan } from './release-orphan.js';

const ORDERS = { namespace: 'default', name: 'orders' };

let kube: InMemoryKube;
let scene: Scene;
beforeEach(async () => {
  kube = new InMemoryKube();
  scene = await startControlPlane(kube);
});
afterEach(() => scene.stop());

/** A Channel that nobody has looked at yet. */
function newChannel(provisionerName: string): Channel {
  const created = channel('orders', { spec: { provisioner: { name: provisionerName } } });
  delete created.status;
  return created;
}

const provisioned = async () => conditionOf(await kube.get(CHANNEL, ORDERS), 'Provisioned');

describe('a Channel whose provisioner does not exist', () => {
  it('says so and names those that exist', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('kafka'));
    await kube.create(CHANNEL, newChannel('nope'));
    await settled(kube);
    expect(await provisioned()).toMatchObject({
      status: 'False',
      reason: 'ProvisionerNotFound',
      message: expect.stringMatching(/no ClusterChannelProvisioner "nope".*in-memory, kafka/),
    });
  });

  it('is left to its provisioner once there is one', async () => {
    await kube.create(CHANNEL, newChannel('kafka'));
    await settled(kube);
    expect((await provisioned())?.message).toContain('None exists: install a provisioner.');
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('kafka'));
    const current = (await kube.get(CHANNEL, ORDERS)) as Channel;
    const status = { conditions: [{ type: 'Provisioned', status: 'True' as const }] };
    await kube.updateStatus(CHANNEL, { ...current, status });
    await settled(kube);
    expect(await provisioned()).toEqual({ type: 'Provisioned', status: 'True' });
  });

  it('turns from Ready to not Ready when the provisioner is deleted', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
    await kube.create(CHANNEL, channel('orders'));
    await settled(kube);
    expect(conditionOf(await kube.get(CHANNEL, ORDERS), 'Ready')?.status).toBe('True');
    await kube.delete(CLUSTER_CHANNEL_PROVISIONER, { name: 'in-memory' });
    await settled(kube);
    expect(conditionOf(await kube.get(CHANNEL, ORDERS), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ProvisionerNotFound',
    });
  });
});

it('tells of a Channel that waits for a provisioner which nobody serves, and leaves alone what the provisioner said', async () => {
  const idle = { ...provisioner('kafka'), status: {} };
  await kube.create(CLUSTER_CHANNEL_PROVISIONER, idle);
  await kube.create(CHANNEL, newChannel('kafka'));
  await settled(kube);
  expect(await provisioned()).toMatchObject({ status: 'Unknown', reason: 'ProvisionerNotReady' });
  const current = (await kube.get(CHANNEL, ORDERS)) as Channel;
  const said = [{ type: 'Provisioned', status: 'False' as const, reason: 'NotProvisioned', message: 'broker away' }];
  await kube.updateStatus(CHANNEL, { ...current, status: { conditions: said } });
  await settled(kube);
  expect(await provisioned()).toEqual(said[0]);
});

describe('a Channel that is deleted after its provisioner', () => {
  const deletedAt = Date.parse('2026-01-01T00:00:00Z');
  const orphan = (finalizers: string[]): Channel => {
    const sample = channel('orders', { status: { store: { topic: 'knative-eventing-channel.x' } } });
    return { ...sample, metadata: { ...sample.metadata, finalizers, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  };

  it('waits a while for the provisioner to come back', () => {
    const decision = decideOrphan(orphan(['kafka-provisioner-channel-controller']), 'kafka', deletedAt + 5_000);
    expect(decision).toEqual({ outcome: 'wait', forMs: ORPHAN_GRACE_MS - 5_000 });
  });

  it('is let go after that, and what stays in the store is named', () => {
    const mine = orphan(['someone-else', 'in-memory-channel-controller']);
    const decision = decideOrphan(mine, 'kafka', deletedAt + ORPHAN_GRACE_MS);
    expect(decision).toMatchObject({
      outcome: 'release',
      channel: { metadata: { finalizers: ['someone-else'] } },
      message: expect.stringContaining('topic knative-eventing-channel.x'),
    });
  });

  it('is kept where no finalizer is a provisioner’s', () => {
    expect(decideOrphan(orphan(['someone-else']), 'kafka', deletedAt + ORPHAN_GRACE_MS).outcome).toBe('keep');
  });

  it('goes, and an Event tells what was left behind', async () => {
    const mine = channel('orders');
    mine.metadata.finalizers = ['in-memory-channel-controller'];
    mine.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    await kube.create(CHANNEL, mine);
    await settled(kube);
    expect(await kube.get(CHANNEL, ORDERS)).toBeUndefined();
    expect(await eventsOf(kube)).toEqual(['Channel/orders StoreResourcesOrphaned']);
  });
});

it('warns once on the newest of several default provisioners', async () => {
  const isDefault = { annotations: { [IS_DEFAULT_PROVISIONER_ANNOTATION]: 'true' } };
  const older = provisioner('in-memory', { ...isDefault, creationTimestamp: '2026-01-01T00:00:00Z' });
  const newer = provisioner('kafka', { ...isDefault, creationTimestamp: '2026-01-02T00:00:00Z' });
  await kube.create(CLUSTER_CHANNEL_PROVISIONER, older);
  await settled(kube);
  expect(await eventsOf(kube)).toEqual([]);
  const stored = await kube.create(CLUSTER_CHANNEL_PROVISIONER, newer);
  await settled(kube);
  await kube.updateStatus(CLUSTER_CHANNEL_PROVISIONER, { ...stored, status: {} });
  await settled(kube);
  const { items } = await kube.list(EVENT);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    reason: 'SeveralDefaultProvisioners',
    type: 'Warning',
    count: 1,
    involvedObject: { name: 'kafka' },
  });
});
