import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONTAINER_SOURCE,
  CRON_JOB_SOURCE,
  DEPLOYMENT,
  POD,
  findCondition,
  type ContainerSourceSpec,
  type CronJobSourceSpec,
  type KubeObject,
  type ResourceKind,
  type SourceStatus,
} from '@millrace/eventing-api';
import { Consumer, status } from '../../../libs/delivery/test/consumer.js';
import { expectBalanceAtRest } from './accounting.js';
import { eventually } from './eventually.js';
import { channel, createRoute, subscription } from './objects.js';
import { startStandalone, type Stack } from './stack.js';

type Source = KubeObject & { status?: SourceStatus };

const apiVersion = 'sources.eventing.knative.dev/v1alpha1';
const sink = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'ticks' };
const key = (name: string) => ({ namespace: 'default', name });

describe('sources on a laptop', { concurrent: true }, () => {
  let stack: Stack;
  let consumer: Consumer;

  beforeAll(async () => {
    stack = await startStandalone();
    consumer = await Consumer.start(status(200));
    await createRoute(stack.client, channel('ticks'), [subscription('ticks', 'ticks', consumer.origin)]);
  });

  afterAll(async () => {
    await expectBalanceAtRest(stack.apps);
    await consumer[Symbol.asyncDispose]();
    expect(new Set(Object.values(await stack.stop()))).toEqual(new Set([0]));
  });

  const createCronJob = (name: string, spec: CronJobSourceSpec) =>
    stack.client.create(CRON_JOB_SOURCE, { apiVersion, kind: 'CronJobSource', metadata: key(name), spec });
  const createContainer = (name: string, spec: ContainerSourceSpec) =>
    stack.client.create(CONTAINER_SOURCE, { apiVersion, kind: 'ContainerSource', metadata: key(name), spec });
  const condition = async (kind: ResourceKind<Source>, name: string, type: string) => {
    const source = await stack.client.get(kind, key(name));
    return findCondition(source?.status?.conditions, type);
  };
  const isReady = (kind: ResourceKind<Source>, name: string) =>
    eventually(`${name} is Ready`, async () => (await condition(kind, name, 'Ready'))?.status === 'True' || undefined);

  it(
    'a CronJobSource sends its data when its time comes, and takes its process with it',
    { timeout: 120_000 },
    async () => {
      await createCronJob('every-minute', {
        schedule: '* * * * *',
        data: '{"message":"wake up for $(PATH) and 5 $$"}',
        sink,
      });
      await isReady(CRON_JOB_SOURCE, 'every-minute');
      await consumer.received(1);
      const [event] = consumer.requests;
      expect(event?.headers).toMatchObject({
        'ce-type': 'dev.knative.cronjob.event',
        'ce-source': '/apis/v1/namespaces/default/cronjobsources/every-minute',
        'ce-id': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/),
        'content-type': 'application/json',
      });
      expect(event?.body.toString()).toBe('{"message":"wake up for $(PATH) and 5 $$"}');
      await stack.client.delete(CRON_JOB_SOURCE, key('every-minute'));
      await eventually('nothing of it is left', async () => {
        const lists = await Promise.all([stack.client.list(DEPLOYMENT), stack.client.list(POD)]);
        const names = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name ?? ''));
        return names.every((name) => !name.startsWith('every-minute')) || undefined;
      });
    },
  );

  it('a CronJobSource with a schedule that is none is refused, field by field', async () => {
    await expect(createCronJob('wrong', { schedule: '61 * * * *', timeZone: 'Atlantis', sink })).rejects.toThrow(
      /spec\.schedule.*minute: 61.*spec\.timeZone.*Atlantis/s,
    );
  });

  it('a ContainerSource runs any program of this repository', async () => {
    const args = ['--schedule=@yearly', '--namespace=default', '--name=by-hand'];
    await createContainer('by-hand', { image: 'example.com/millrace/source-cron:v1', args, sink });
    await isReady(CONTAINER_SOURCE, 'by-hand');
  });

  it('a ContainerSource of another image says itself that it cannot be run here', async () => {
    await createContainer('heartbeats', { image: 'gcr.io/example/heartbeats', sink });
    const deployed = await eventually('it says so', async () => {
      const found = await condition(CONTAINER_SOURCE, 'heartbeats', 'Deployed');
      return found?.status === 'False' ? found : undefined;
    });
    expect(deployed.reason).toBe('ImageNotAvailable');
    expect(deployed.message).toMatch(/"gcr\.io\/example\/heartbeats" cannot be run here.*message-dumper, source-cron/);
  });

  it('a ContainerSource whose program ends again and again says so', async () => {
    await createContainer('crashing', { image: 'source-cron', args: ['--schedule=never'], sink });
    await eventually('it says so', async () => {
      const found = await condition(CONTAINER_SOURCE, 'crashing', 'Deployed');
      return found?.reason === 'DeploymentFailed' || undefined;
    });
  });
});
