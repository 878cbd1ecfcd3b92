import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  DRIVER_CLAIMS_ANNOTATION,
  LEASE,
  driverLeaseName,
  type ClusterChannelProvisioner,
  type Lease,
} from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
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
import { CONFIRM_MS } from './not-served-reconciler.js';

const LEASE_MS = 15_000;
const SYSTEM = 'knative-eventing';

let kube: InMemoryKube;
let clock: ManualClock;
let scene: Scene;
beforeEach(() => {
  kube = new InMemoryKube();
  clock = new ManualClock();
});
afterEach(() => scene.stop());

async function start(): Promise<void> {
  scene = await startControlPlane(kube, {}, clock);
  await settled(kube);
}

/** Time passes second by second, and everybody does what falls due. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    clock.advance(Math.min(1000, ms - passed));
    await settled(kube, 5);
  }
}

/** Somebody takes or renews the Lease of a driver. */
async function renew(driver: string, claims: string, holderIdentity = 'a'): Promise<void> {
  const renewTime = new Date(clock.now()).toISOString().replace('Z', '000Z');
  const spec = { holderIdentity, leaseDurationSeconds: holderIdentity === '' ? 1 : LEASE_MS / 1000, renewTime };
  const metadata = {
    namespace: SYSTEM,
    name: driverLeaseName(driver),
    annotations: { [DRIVER_CLAIMS_ANNOTATION]: claims },
  };
  const current = await kube.get(LEASE, metadata);
  const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  if (current) await kube.update(LEASE, { ...current, spec });
  else await kube.create(LEASE, lease);
  await settled(kube, 5);
}

const ready = async (name: string) => conditionOf(await kube.get(CLUSTER_CHANNEL_PROVISIONER, { name }), 'Ready');

const ofDriver = (name: string, driver: string): ClusterChannelProvisioner => ({
  ...provisioner(name),
  spec: { driver },
});

describe('a ClusterChannelProvisioner', () => {
  it('is left alone as long as the Lease of its driver is renewed, by whatever name it is served', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory-channel'));
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, ofDriver('fast', 'in-memory'));
    await renew('in-memory', 'in-memory,in-memory-channel');
    await start();
    for (let renewals = 0; renewals < 6; renewals += 1) {
      await pass(LEASE_MS - 5000);
      await renew('in-memory', 'in-memory,in-memory-channel');
    }
    expect((await ready('in-memory-channel'))?.status).toBe('True');
    expect((await ready('fast'))?.status).toBe('True');
    expect(await eventsOf(kube)).toEqual([]);
  });

  it('is NotServed when its process has died: the Lease is renewed no more', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory-channel'));
    await renew('in-memory', 'in-memory,in-memory-channel');
    await start();
    await pass(LEASE_MS - 1000);
    expect((await ready('in-memory-channel'))?.status).toBe('True');
    await pass(CONFIRM_MS + 2000);
    expect(await ready('in-memory-channel')).toMatchObject({
      status: 'False',
      reason: 'NotServed',
      message: expect.stringContaining('"in-memory-channel"'),
    });
    await pass(120_000);
    expect(await eventsOf(kube)).toEqual(['ClusterChannelProvisioner/in-memory-channel NotServed']);
  });

  it('is NotServed within seconds of an orderly end, but not while another replica takes over', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, ofDriver('fast', 'in-memory'));
    await renew('in-memory', '');
    await start();
    await renew('in-memory', '', '');
    await pass(3000);
    await renew('in-memory', '', 'b');
    await pass(8000);
    expect((await ready('fast'))?.status).toBe('True');
    await renew('in-memory', '', '');
    await pass(CONFIRM_MS + 3000);
    expect(await ready('fast')).toMatchObject({ status: 'False', reason: 'NotServed' });
  });

  it('of a driver that nobody ever served says which app to start, once all have had time to start', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, { ...ofDriver('kafka-eu', 'kafka'), status: {} });
    await start();
    await pass(LEASE_MS - 1000);
    expect((await ready('kafka-eu'))?.reason).toBeUndefined();
    await pass(CONFIRM_MS + 2000);
    expect(await ready('kafka-eu')).toMatchObject({
      reason: 'NotServed',
      message: expect.stringContaining('Start provisioner-kafka'),
    });
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, { ...ofDriver('late', 'kafka'), status: {} });
    await settled(kube);
    await pass(CONFIRM_MS);
    expect((await ready('late'))?.reason).toBe('NotServed');
  });

  it('is never spoken against by a stale cache: the API is asked first', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, ofDriver('fast', 'in-memory'));
    await renew('in-memory', '');
    await start();
    // The machine slept: everything falls due in one moment, the renewal of the Lease a moment later.
    clock.advance(3_600_000);
    await settled(kube, 5);
    await renew('in-memory', '');
    await pass(CONFIRM_MS + 1000);
    expect((await ready('fast'))?.status).toBe('True');
    expect(await eventsOf(kube)).toEqual([]);
  });

  it('is left to the process that serves it again', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, ofDriver('fast', 'in-memory'));
    await start();
    await pass(LEASE_MS + CONFIRM_MS + 1000);
    expect((await ready('fast'))?.reason).toBe('NotServed');
    await renew('in-memory', '');
    const current = (await kube.get(CLUSTER_CHANNEL_PROVISIONER, { name: 'fast' }))!;
    const status = { conditions: [{ type: 'Ready', status: 'True' as const }] };
    await kube.updateStatus(CLUSTER_CHANNEL_PROVISIONER, { ...current, status });
    await pass(LEASE_MS - 1000);
    expect((await ready('fast'))?.status).toBe('True');
  });
});

describe('a Channel of a provisioner that is not served', () => {
  it('is left to the process that serves it again, also before the provisioner says so', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, ofDriver('in-memory', 'in-memory'));
    await kube.create(CHANNEL, channel('orders'));
    await start();
    await pass(LEASE_MS + CONFIRM_MS + 1000);
    expect((await ready('in-memory'))?.reason).toBe('NotServed');
    await renew('in-memory', '');
    const key = { namespace: 'default', name: 'orders' };
    const orders = (await kube.get(CHANNEL, key))!;
    await kube.updateStatus(CHANNEL, { ...orders, status: channel('orders').status ?? {} });
    await settled(kube);
    expect(conditionOf(await kube.get(CHANNEL, key), 'Ready')?.status).toBe('True');
    expect((await eventsOf(kube)).filter((event) => event.startsWith('Channel'))).toHaveLength(1);
  });

  it('turns not Ready, tells why once, and stays as its own fault was told', async () => {
    await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
    await kube.create(CHANNEL, channel('orders'));
    const refused = { type: 'Provisioned', status: 'False', reason: 'InvalidArguments', message: 'no' } as const;
    await kube.create(CHANNEL, channel('broken', { status: { conditions: [refused] } }));
    await start();
    await pass(LEASE_MS + CONFIRM_MS + 1000);
    const orders = await kube.get(CHANNEL, { namespace: 'default', name: 'orders' });
    expect(conditionOf(orders, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ProvisionerNotReady',
      message: expect.stringContaining('Start the provisioner'),
    });
    const broken = await kube.get(CHANNEL, { namespace: 'default', name: 'broken' });
    expect(conditionOf(broken, 'Provisioned')).toEqual(refused);
    expect((await eventsOf(kube)).sort()).toEqual([
      'Channel/orders ProvisionerNotReady',
      'ClusterChannelProvisioner/in-memory NotServed',
    ]);
  });
});
