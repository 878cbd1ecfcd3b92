import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  CONTAINER_SOURCE,
  CRON_JOB_SOURCE,
  DEPLOYMENT,
  KUBERNETES_EVENT_SOURCE,
  SERVICE,
  type Channel,
  type ContainerSource,
  type CronJobSource,
  type Deployment,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryKube, refusal } from '../../test/in-memory-kube.js';
import {
  EVENTING,
  channel,
  conditionOf,
  containerSource,
  cronJobSource,
  coreService,
  eventsOf,
  kubernetesEventSource,
  provisioner,
  settled,
  startControlPlane,
  type Scene,
} from '../../test/scene.js';

const sink = { apiVersion: EVENTING, kind: 'Channel', name: 'orders' };
const SINK_URL = 'http://ingress/default/orders';

let kube: InMemoryKube;
let scene: Scene;
beforeEach(async () => {
  kube = new InMemoryKube();
  await kube.create(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
  scene = await startControlPlane(kube);
});
afterEach(() => scene.stop());

async function only<T extends Deployment | ContainerSource>(
  kind: typeof DEPLOYMENT | typeof CONTAINER_SOURCE,
): Promise<T> {
  const { items } = await kube.list(kind as typeof DEPLOYMENT);
  expect(items).toHaveLength(1);
  return items[0] as unknown as T;
}
const deployment = () => only<Deployment>(DEPLOYMENT);
const source = (name = 'heartbeats') => kube.get(CONTAINER_SOURCE, { namespace: 'default', name });

async function setReadyReplicas(
  readyReplicas: number,
  conditions: NonNullable<Deployment['status']>['conditions'] = [],
) {
  const current = await deployment();
  const { generation: observedGeneration = 0 } = current.metadata;
  await kube.updateStatus(DEPLOYMENT, { ...current, status: { observedGeneration, readyReplicas, conditions } });
  await settled(kube);
}

describe('a KubernetesEventSource', () => {
  beforeEach(async () => {
    await kube.create(CHANNEL, channel('orders'));
    const spec = { namespace: 'default', serviceAccountName: 'events-sa', sink };
    await kube.create(KUBERNETES_EVENT_SOURCE, kubernetesEventSource('testevents', spec));
    await settled(kube);
  });
  const stored = () => kube.get(KUBERNETES_EVENT_SOURCE, { namespace: 'default', name: 'testevents' });

  it('becomes a ContainerSource and that a Deployment which knows namespace and sink', async () => {
    const child = await only<ContainerSource>(CONTAINER_SOURCE);
    expect(child.metadata.name).toMatch(/^testevents-\w{5}$/);
    const deployed = await deployment();
    expect(deployed.metadata.name).toMatch(new RegExp(`^${child.metadata.name}-\\w{5}$`));
    expect(deployed.spec).toEqual({
      selector: { matchLabels: { source: child.metadata.name } },
      template: {
        metadata: { labels: { source: child.metadata.name }, annotations: { 'sidecar.istio.io/inject': 'true' } },
        spec: {
          serviceAccountName: 'events-sa',
          containers: [
            {
              name: 'source',
              image: 'millrace/source-kubernetes',
              args: ['--namespace=default', `--sink=${SINK_URL}`],
              env: [{ name: 'SINK', value: SINK_URL }],
              imagePullPolicy: 'IfNotPresent',
            },
          ],
        },
      },
    });
    expect(await eventsOf(kube)).toEqual([
      'KubernetesEventSource/testevents ContainerSourceCreated',
      `ContainerSource/${child.metadata.name ?? ''} Deployed`,
    ]);
  });

  it('shows the conditions of its ContainerSource', async () => {
    expect(conditionOf(await stored(), 'Deployed')).toMatchObject({ status: 'Unknown', reason: 'Deploying' });
    await setReadyReplicas(1);
    for (const type of ['Deployed', 'SinkProvided', 'Ready']) {
      expect(conditionOf(await stored(), type)?.status).toBe('True');
    }
    expect((await stored())?.status?.sinkUri).toBe(SINK_URL);
  });

  it('corrects a ContainerSource that somebody changed', async () => {
    const child = await only<ContainerSource>(CONTAINER_SOURCE);
    await kube.update(CONTAINER_SOURCE, { ...child, spec: { image: 'other' } });
    await settled(kube);
    expect((await only<ContainerSource>(CONTAINER_SOURCE)).spec).toEqual(child.spec);
  });

  it('has one ContainerSource after a restart of the controller, and everything goes with it', async () => {
    await scene.stop();
    scene = await startControlPlane(kube);
    await settled(kube);
    await only(CONTAINER_SOURCE);
    await kube.delete(KUBERNETES_EVENT_SOURCE, { namespace: 'default', name: 'testevents' });
    expect((await kube.list(DEPLOYMENT)).items).toEqual([]);
  });
});

describe('a CronJobSource', () => {
  const key = { namespace: 'default', name: 'tick' };
  const stored = () => kube.get(CRON_JOB_SOURCE, key);
  const create = async (spec: CronJobSource['spec']) => {
    await kube.create(CHANNEL, channel('orders'));
    await kube.create(CRON_JOB_SOURCE, cronJobSource('tick', spec));
    await settled(kube);
  };

  it('becomes a ContainerSource and that a Deployment which knows schedule, data and sink', async () => {
    const spec = { schedule: '*/5 * * * *', timeZone: 'Europe/Berlin', data: 'for $(HOME): 5 $$', sink };
    await create({ ...spec, serviceAccountName: 'robot' });
    expect((await deployment()).spec?.template.spec).toMatchObject({
      serviceAccountName: 'robot',
      containers: [
        {
          image: 'millrace/source-cron',
          args: [
            '--namespace=default',
            '--name=tick',
            '--schedule=*/5 * * * *',
            '--time-zone=Europe/Berlin',
            '--data=for $$(HOME): 5 $$$$',
            `--sink=${SINK_URL}`,
          ],
        },
      ],
    });
  });

  it('shows the conditions of its ContainerSource beside its own', async () => {
    await create({ schedule: '@hourly', sink });
    expect(conditionOf(await stored(), 'ValidSchedule')?.status).toBe('True');
    expect(conditionOf(await stored(), 'Ready')).toMatchObject({ status: 'Unknown', reason: 'Deploying' });
    await setReadyReplicas(1);
    for (const type of ['ValidSchedule', 'SinkProvided', 'Deployed', 'Ready']) {
      expect(conditionOf(await stored(), type)?.status).toBe('True');
    }
    expect((await stored())?.status?.sinkUri).toBe(SINK_URL);
  });

  it('runs by a schedule that was changed', async () => {
    await create({ schedule: '@hourly', sink });
    await kube.update(CRON_JOB_SOURCE, { ...(await stored())!, spec: { schedule: '@daily', sink } });
    await settled(kube);
    expect((await deployment()).spec?.template.spec?.containers[0]?.args).toContain('--schedule=@daily');
  });

  it.each([
    ['a schedule that is none', { schedule: 'noon', sink }, 'spec.schedule "noon": five fields are needed'],
    ['no schedule', { sink }, 'spec.schedule ""'],
    ['an unknown time zone', { schedule: '@daily', timeZone: 'Atlantis', sink }, 'spec.timeZone "Atlantis"'],
  ])('stored with %s says so, and nothing is run', async (_, spec, message) => {
    await create(spec);
    for (const type of ['ValidSchedule', 'Ready']) {
      expect(conditionOf(await stored(), type)).toMatchObject({
        status: 'False',
        reason: 'Invalid',
        message: expect.stringContaining(message),
      });
    }
    expect((await kube.list(CONTAINER_SOURCE)).items).toEqual([]);
  });

  it('heals when its schedule is corrected', async () => {
    await create({ schedule: 'noon', sink });
    await kube.update(CRON_JOB_SOURCE, { ...(await stored())!, spec: { schedule: '@daily', sink } });
    await settled(kube);
    await setReadyReplicas(1);
    expect(conditionOf(await stored(), 'Ready')?.status).toBe('True');
  });

  it('takes everything with it', async () => {
    await create({ schedule: '@hourly', sink });
    await kube.delete(CRON_JOB_SOURCE, key);
    expect((await kube.list(CONTAINER_SOURCE)).items).toEqual([]);
    expect((await kube.list(DEPLOYMENT)).items).toEqual([]);
  });
});

describe('a ContainerSource', () => {
  const create = async (spec: ContainerSource['spec']) => {
    await kube.create(CONTAINER_SOURCE, containerSource('heartbeats', spec));
    await settled(kube);
  };

  it('is healed by the Channel that it waits for', async () => {
    await create({ image: 'heartbeats', sink });
    expect(conditionOf(await source(), 'SinkProvided')).toMatchObject({
      status: 'False',
      reason: 'NotFound',
      message: expect.stringContaining('"orders" does not exist in namespace "default"'),
    });
    expect((await kube.list(DEPLOYMENT)).items).toEqual([]);
    await kube.create(CHANNEL, channel('orders'));
    await settled(kube);
    expect(conditionOf(await source(), 'SinkProvided')?.status).toBe('True');
    await deployment();
  });

  it('follows its sink to another address, without losing its scale', async () => {
    await kube.create(CHANNEL, channel('orders'));
    await create({ image: 'heartbeats', sink });
    const before = await deployment();
    await kube.update(DEPLOYMENT, { ...before, spec: { ...before.spec!, replicas: 2 } });
    const current = (await kube.get(CHANNEL, { namespace: 'default', name: 'orders' })) as Channel;
    const address = { url: 'http://elsewhere/' };
    await kube.updateStatus(CHANNEL, { ...current, status: { ...current.status, address } });
    await settled(kube);
    const after = await deployment();
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.spec?.template.spec?.containers[0]?.args).toEqual(['--sink=http://elsewhere/']);
    expect(after.spec?.replicas).toBe(2);
    expect(await eventsOf(kube)).toEqual([
      'ContainerSource/heartbeats Deployed',
      'ContainerSource/heartbeats DeployUpdated',
    ]);
  });

  it('takes a core Service for a sink', async () => {
    await kube.create(SERVICE, coreService('dumper'));
    await create({ image: 'heartbeats', sink: { apiVersion: 'v1', kind: 'Service', name: 'dumper' } });
    expect((await source())?.status?.sinkUri).toBe('http://dumper.default.svc.cluster.local/');
  });

  it('takes the sink among its arguments as it stands', async () => {
    await create({ image: 'heartbeats', args: ['--period=1', '--sink=http://mine/'] });
    const [container] = (await deployment()).spec?.template.spec?.containers ?? [];
    expect(container?.args).toEqual(['--period=1', '--sink=http://mine/']);
    expect(container?.env).toEqual([{ name: 'SINK', value: 'http://mine/' }]);
  });

  it('says that it has no sink at all', async () => {
    await create({ image: 'heartbeats' });
    expect(conditionOf(await source(), 'Ready')).toMatchObject({ status: 'False', reason: 'Missing' });
  });

  it('turns back when its last replica is gone', async () => {
    await create({ image: 'heartbeats', args: ['--sink=http://mine/'] });
    await setReadyReplicas(1);
    expect(conditionOf(await source(), 'Ready')?.status).toBe('True');
    await setReadyReplicas(0);
    expect(conditionOf(await source(), 'Deployed')).toMatchObject({ status: 'False', reason: 'NoReadyReplicas' });
    await setReadyReplicas(1);
    expect(conditionOf(await source(), 'Ready')?.status).toBe('True');
  });

  it('passes on why its Deployment does not come up', async () => {
    await create({ image: 'nowhere', args: ['--sink=http://mine/'] });
    const message = 'Image "nowhere" cannot be run here';
    await setReadyReplicas(0, [{ type: 'Progressing', status: 'False', reason: 'ImageNotAvailable', message }]);
    expect(conditionOf(await source(), 'Deployed')).toMatchObject({
      status: 'False',
      reason: 'ImageNotAvailable',
      message: expect.stringContaining(message),
    });
    const current = (await source()) as ContainerSource;
    await kube.update(CONTAINER_SOURCE, { ...current, spec: { image: 'known', args: ['--sink=http://mine/'] } });
    await settled(kube);
    expect(conditionOf(await source(), 'Deployed')).toMatchObject({ status: 'Unknown', reason: 'DeployUpdated' });
  });

  it('says once that its container ends again and again', async () => {
    await create({ image: 'heartbeats', args: ['--sink=http://mine/'] });
    const message = 'back-off 10s restarting failed container';
    await setReadyReplicas(0, [{ type: 'Progressing', status: 'False', reason: 'CrashLoopBackOff', message }]);
    const failed = conditionOf(await source(), 'Deployed');
    expect(failed).toMatchObject({ status: 'False', reason: 'DeploymentFailed' });
    expect(failed?.message).toContain(message);
    await setReadyReplicas(0, [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }]);
    expect(conditionOf(await source(), 'Deployed')).toEqual(failed);
    await setReadyReplicas(1);
    expect(conditionOf(await source(), 'Ready')?.status).toBe('True');
  });

  it('is no longer run as a service account that was taken away', async () => {
    await create({ image: 'heartbeats', args: ['--sink=http://mine/'], serviceAccountName: 'robot' });
    expect((await deployment()).spec?.template.spec?.serviceAccountName).toBe('robot');
    const current = (await source()) as ContainerSource;
    await kube.update(CONTAINER_SOURCE, { ...current, spec: { image: 'heartbeats', args: ['--sink=http://mine/'] } });
    await settled(kube);
    expect((await deployment()).spec?.template.spec).not.toHaveProperty('serviceAccountName');
  });

  it('tells once that its Deployment is refused, and heals', async () => {
    kube.refuse = ({ kind }) => (kind === 'Deployment' ? refusal(403, 'Forbidden', 'quota exceeded') : undefined);
    await kube.create(CONTAINER_SOURCE, containerSource('heartbeats', { image: 'x', args: ['--sink=http://mine/'] }));
    await expect
      .poll(async () => conditionOf(await source(), 'Deployed'))
      .toMatchObject({
        status: 'False',
        reason: 'DeploymentBlocked',
        message: expect.stringContaining('quota exceeded'),
      });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await eventsOf(kube)).toEqual(['ContainerSource/heartbeats DeploymentBlocked']);
    kube.refuse = undefined;
    await expect.poll(async () => (await kube.list(DEPLOYMENT)).items).toHaveLength(1);
  });

  it('keeps the oldest of two Deployments that claim to be its own', async () => {
    await create({ image: 'heartbeats', args: ['--sink=http://mine/'] });
    const first = await deployment();
    const { name: _name, uid: _uid, resourceVersion: _version, ...metadata } = first.metadata;
    await kube.create(DEPLOYMENT, { ...first, metadata: { ...metadata, creationTimestamp: '2999-01-01T00:00:00Z' } });
    await settled(kube);
    expect((await deployment()).metadata.uid).toBe(first.metadata.uid);
  });
});
