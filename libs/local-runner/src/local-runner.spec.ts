import {
  DEPLOYMENT,
  ENDPOINT_SLICE,
  KNATIVE_SERVICE,
  POD,
  SERVICE,
  type KnativeService,
  type Service,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaptopView, deploymentOf, isAlive, podOf, startLaptop, type Laptop } from '../test/laptop.js';
import { preferredPort } from './pods/preferred-port.js';

let laptop: Laptop;
let view: LaptopView;
beforeEach(async () => {
  laptop = await startLaptop();
  view = new LaptopView(laptop);
});
afterEach(() => laptop.stop());

const soon = { timeout: 10_000, interval: 20 };
const key = (name: string) => ({ namespace: 'default', name });
const merge = 'application/merge-patch+json';

async function onePodReady() {
  await expect.poll(() => view.readyPods(), soon).toHaveLength(1);
  const [pod] = await view.readyPods();
  return pod!;
}

describe('a Deployment of an image of ours', () => {
  it('runs as a process of its own, with arguments, environment and a log', async () => {
    await laptop.client.create(
      DEPLOYMENT,
      deploymentOf('sample', { args: ['--sink=http://x/'], env: { COLOUR: 'red' } }),
    );
    const pod = await onePodReady();
    expect(await view.log(pod)).toEqual([expect.stringMatching(/^pid \d+ args --sink=http:\/\/x\/$/)]);
    expect(pod).toMatchObject({
      metadata: {
        labels: { app: 'sample' },
        ownerReferences: [{ kind: 'Deployment', name: 'sample', controller: true }],
      },
      status: {
        phase: 'Running',
        podIP: '127.0.0.1',
        containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: {} } }],
      },
    });
    await expect
      .poll(async () => (await view.deployment('sample'))?.status, soon)
      .toMatchObject({
        observedGeneration: 1,
        replicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
        conditions: expect.arrayContaining([expect.objectContaining({ type: 'Available', status: 'True' })]),
      });
  });

  it('gets as many processes as replicas, also none', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample', { replicas: 2 }));
    await expect.poll(() => view.readyPods(), soon).toHaveLength(2);
    const pids = await Promise.all((await view.pods()).map((pod) => view.pidOf(pod)));
    await laptop.client.patch(DEPLOYMENT, key('sample'), merge, { spec: { replicas: 0 } });
    await expect.poll(() => pids.filter(isAlive), soon).toEqual([]);
    await expect.poll(async () => (await view.deployment('sample'))?.status?.replicas, soon).toBe(0);
    expect(await view.pods()).toEqual([]);
  });

  it('rolls when its template changes: the new process is ready before the old one ends', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample', { args: ['old'] }));
    const old = await onePodReady();
    const oldPid = await view.pidOf(old);
    const { spec } = deploymentOf('sample', { args: ['new'], env: { NEVER_READY: '1' } });
    await laptop.client.patch(DEPLOYMENT, key('sample'), merge, { spec: { template: spec?.template } });
    await expect.poll(() => view.pods(), soon).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isAlive(oldPid)).toBe(true);
    const { spec: good } = deploymentOf('sample', { args: ['newer'] });
    await laptop.client.patch(DEPLOYMENT, key('sample'), merge, { spec: { template: good?.template } });
    await expect.poll(() => isAlive(oldPid), soon).toBe(false);
    const pod = await onePodReady();
    await expect.poll(() => view.pods(), soon).toHaveLength(1);
    expect(await view.log(pod)).toEqual([expect.stringContaining('args newer')]);
  });

  it('ends with its Deployment, and its log with it', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample'));
    const pod = await onePodReady();
    const pid = await view.pidOf(pod);
    await laptop.client.delete(DEPLOYMENT, key('sample'));
    await expect.poll(() => isAlive(pid), soon).toBe(false);
    await expect.poll(() => view.log(pod), soon).toEqual([]);
    await expect.poll(() => view.events(), soon).toEqual(['Pod Killing x1', 'Pod Scheduled x1', 'Pod Started x1']);
  });

  it('is killed when it does not end by itself', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample', { env: { STUBBORN: '1' } }));
    const pid = await view.pidOf(await onePodReady());
    await laptop.client.delete(DEPLOYMENT, key('sample'));
    await expect.poll(() => isAlive(pid), soon).toBe(false);
  });

  it('is started again with growing waits when it crashes, and that is one piece of news', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample', { env: { CRASH: '1' } }));
    const status = async () => (await view.pods())[0]?.status?.containerStatuses?.[0];
    await expect.poll(async () => (await status())?.restartCount, soon).toBe(2);
    await expect.poll(status, soon).toMatchObject({
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff', message: expect.stringContaining('exited with code 3') } },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    const [pod] = await view.pods();
    expect(await view.log(pod!)).toEqual([expect.stringContaining('pid'), 'about to crash']);
    expect(await view.log(pod!, 'main', '.1')).toEqual([expect.stringContaining('pid'), 'about to crash']);
    expect(await view.events()).toEqual(['Pod BackOff x1', 'Pod Scheduled x1', 'Pod Started x1']);
    await expect
      .poll(async () => (await view.deployment('sample'))?.status?.conditions, soon)
      .toContainEqual(expect.objectContaining({ type: 'Progressing', status: 'False', reason: 'CrashLoopBackOff' }));
  });
});

describe('an image that is not ours', () => {
  it('leaves a Pod pending, with a sentence and one Event', async () => {
    await laptop.client.create(POD, podOf('busybox', { image: 'busybox', restartPolicy: 'Never' }));
    await expect
      .poll(async () => (await laptop.client.get(POD, key('busybox')))?.status, soon)
      .toMatchObject({
        phase: 'Pending',
        containerStatuses: [
          {
            ready: false,
            state: { waiting: { reason: 'ImageNotAvailable', message: expect.stringContaining('Available: sample.') } },
          },
        ],
      });
    await laptop.client.patch(POD, key('busybox'), merge, { metadata: { labels: { touched: 'yes' } } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await view.events()).toEqual(['Pod Failed x1', 'Pod Scheduled x1']);
  });

  it('shows on its Deployment', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('nginx', { image: 'nginx:1' }));
    await expect
      .poll(async () => (await view.deployment('nginx'))?.status?.conditions, soon)
      .toContainEqual(
        expect.objectContaining({
          type: 'Progressing',
          status: 'False',
          reason: 'ImageNotAvailable',
          message: expect.stringContaining('Image "nginx:1" cannot be run here'),
        }),
      );
  });
});

it('does not start a finished Pod again', async () => {
  await laptop.client.create(POD, podOf('once', { env: { CRASH: '1' }, restartPolicy: 'Never' }));
  const status = async () => (await laptop.client.get(POD, key('once')))?.status;
  await expect.poll(async () => (await status())?.phase, soon).toBe('Failed');
  expect((await status())?.containerStatuses?.[0]?.state).toMatchObject({ terminated: { exitCode: 3 } });
  await laptop.restart();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await status())?.containerStatuses?.[0]).toMatchObject({ restartCount: 0 });
});

describe('a Service', () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'sample', namespace: 'default' },
    spec: { selector: { app: 'sample' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  } satisfies Service;
  const slices = async () =>
    (await laptop.client.list(ENDPOINT_SLICE, { labelSelector: 'kubernetes.io/service-name=sample' })).items;

  it('answers where its Pods really listen, and nowhere while they do not', async () => {
    await laptop.client.create(SERVICE, service);
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample'));
    await expect.poll(slices, soon).toHaveLength(1);
    const [slice] = await slices();
    const answer = (await (await fetch(`http://127.0.0.1:${slice?.ports?.[0]?.port ?? 0}/`)).json()) as { pid: number };
    const [pod] = await view.pods();
    expect(answer.pid).toBe(await view.pidOf(pod!));
    process.kill(answer.pid, 'SIGKILL');
    await expect.poll(slices, { ...soon, interval: 5 }).toEqual([]);
    await expect.poll(async () => (await slices())[0]?.ports?.[0]?.port, soon).toBeGreaterThan(0);
    await laptop.client.patch(DEPLOYMENT, key('sample'), merge, { spec: { replicas: 0 } });
    await expect.poll(slices, soon).toEqual([]);
  });

  it('gives every child ports of its own and none of the settings of this process', async () => {
    process.env['MILLRACE_CONFIG'] = '/somewhere';
    await laptop.client.create(SERVICE, service);
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample', { env: { COLOUR: 'red' } }));
    await expect.poll(slices, soon).toHaveLength(1);
    const port = (await slices())[0]?.ports?.[0]?.port ?? 0;
    const { env } = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as { env: Record<string, string> };
    delete process.env['MILLRACE_CONFIG'];
    expect(env).toMatchObject({ COLOUR: 'red', MILLRACE_MANAGEMENT_PORT: '0' });
    const [pod] = (await laptop.client.list(POD)).items;
    expect(env['PORT']).toBe(`${await preferredPort(pod!)}`);
    expect(env['KUBECONFIG']).toMatch(/kubeconfig$/);
    expect(env).not.toHaveProperty('MILLRACE_CONFIG');
  });
});

describe('a Knative Service', () => {
  const dumper = (image: string): KnativeService => ({
    apiVersion: 'serving.knative.dev/v1alpha1',
    kind: 'Service',
    metadata: { name: 'message-dumper', namespace: 'default' },
    spec: { runLatest: { configuration: { revisionTemplate: { spec: { container: { image } } } } } },
  });
  const stored = () => laptop.client.get(KNATIVE_SERVICE, key('message-dumper'));
  const ready = async () => (await stored())?.status?.conditions?.find(({ type }) => type === 'Ready');

  it('of an image of ours runs, has an address, and its log is found by its label', async () => {
    await laptop.client.create(KNATIVE_SERVICE, dumper('example.com/team/sample@sha256:0123'));
    await expect.poll(ready, soon).toMatchObject({ status: 'True' });
    expect((await stored())?.status).toMatchObject({
      address: { hostname: 'message-dumper.default.svc.cluster.local' },
      domainInternal: 'message-dumper.default.svc.cluster.local',
    });
    const [pod] = await view.pods();
    expect(pod?.metadata.labels).toMatchObject({ 'serving.knative.dev/service': 'message-dumper' });
    expect(await view.log(pod!, 'user-container')).toEqual([expect.stringContaining('pid')]);
    const slices = async () => (await laptop.client.list(ENDPOINT_SLICE, { namespace: 'default' })).items;
    await expect
      .poll(slices, soon)
      .toMatchObject([{ metadata: { labels: { 'kubernetes.io/service-name': 'message-dumper' } } }]);
  });

  it('keeps its address while its process is down, and goes with everything it made', async () => {
    await laptop.client.create(KNATIVE_SERVICE, dumper('sample'));
    await expect.poll(ready, soon).toMatchObject({ status: 'True' });
    await laptop.client.patch(DEPLOYMENT, key('message-dumper-deployment'), merge, { spec: { replicas: 0 } });
    await expect.poll(ready, soon).toMatchObject({ status: 'Unknown' });
    expect((await stored())?.status?.address).toBeDefined();
    await laptop.client.delete(KNATIVE_SERVICE, key('message-dumper'));
    await expect.poll(() => laptop.client.get(SERVICE, key('message-dumper')), soon).toBeUndefined();
    await expect.poll(() => view.deployment('message-dumper-deployment'), soon).toBeUndefined();
  });

  it('of another image says which images there are', async () => {
    await laptop.client.create(KNATIVE_SERVICE, dumper('gcr.io/knative/helloworld'));
    await expect.poll(ready, soon).toMatchObject({
      status: 'False',
      reason: 'ImageNotAvailable',
      message: expect.stringContaining('Available: sample'),
    });
    expect((await stored())?.status).not.toHaveProperty('address');
  });
});

describe('the end of the runner', () => {
  it('ends sources while consumers still run, then these', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('producer', { labels: { source: 'producer' } }));
    await laptop.client.create(DEPLOYMENT, deploymentOf('consumer'));
    await expect.poll(() => view.readyPods(), soon).toHaveLength(2);
    const pods = await view.pods();
    const pidOf = (app: string) => view.pidOf(pods.find(({ metadata }) => metadata.labels?.['app'] === app)!);
    const [producer, consumer] = [await pidOf('producer'), await pidOf('consumer')];
    await laptop.runner.stopIntake();
    expect([isAlive(producer), isAlive(consumer)]).toEqual([false, true]);
    await laptop.runner.close();
    expect(isAlive(consumer)).toBe(false);
  });

  it('leaves nothing that the next run takes for its own', async () => {
    await laptop.client.create(DEPLOYMENT, deploymentOf('sample'));
    const before = await onePodReady();
    await laptop.restart();
    await expect
      .poll(async () => (await view.readyPods()).map(({ metadata }) => metadata.uid), soon)
      .not.toEqual([before.metadata.uid]);
    const after = await onePodReady();
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(await view.pods()).toHaveLength(1);
    expect(await view.log(before)).toEqual([]);
  });
});
