import {
  CONTAINER_SOURCE,
  DEPLOYMENT,
  POD,
  findCondition,
  systemClock,
  type ContainerSourceSpec,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlPlaneOf } from '../test/control-plane.js';
import { LaptopView, startLaptop, type Laptop } from '../test/laptop.js';

const KEY = { namespace: 'default', name: 'heartbeats' };
const merge = 'application/merge-patch+json';

let laptop: Laptop;
let controlPlane: ReturnType<typeof controlPlaneOf>;
let view: LaptopView;
beforeEach(async () => {
  laptop = await startLaptop();
  view = new LaptopView(laptop);
  controlPlane = controlPlaneOf(laptop, systemClock);
  await controlPlane.start();
});
afterEach(async () => {
  await controlPlane.stopIntake();
  await controlPlane.close();
  await laptop.stop();
});

async function create(spec: ContainerSourceSpec): Promise<void> {
  const apiVersion = 'sources.eventing.knative.dev/v1alpha1';
  await laptop.client.create(CONTAINER_SOURCE, { apiVersion, kind: 'ContainerSource', metadata: KEY, spec });
}

async function condition(type: string) {
  const source = await laptop.client.get(CONTAINER_SOURCE, KEY);
  return findCondition(source?.status?.conditions, type);
}

describe('a ContainerSource', () => {
  it('of one of our images runs, and its arguments can name its variables', async () => {
    await create({
      image: 'example.com/team/sample:v1',
      args: ['--sink=http://127.0.0.1:9/$(COLOUR)', '$$(COLOUR)'],
      env: [{ name: 'COLOUR', value: 'red' }],
    });
    await expect.poll(async () => (await condition('Ready'))?.status).toBe('True');
    const [pod] = await view.readyPods();
    const [line] = await view.log(pod!, 'source');
    expect(line).toContain('args --sink=http://127.0.0.1:9/red $(COLOUR)');
    await laptop.client.delete(CONTAINER_SOURCE, KEY);
    await expect.poll(async () => (await laptop.client.list(DEPLOYMENT)).items).toEqual([]);
    await expect.poll(async () => (await laptop.client.list(POD)).items).toEqual([]);
  });

  it('of any other image says so itself, names the images that there are, and heals with one of them', async () => {
    await create({ image: 'gcr.io/example/heartbeats:v2', args: ['--sink=http://127.0.0.1:9/'] });
    const saysWhy = {
      status: 'False',
      reason: 'ImageNotAvailable',
      message: expect.stringMatching(
        /"gcr\.io\/example\/heartbeats:v2" cannot be run here: there is no container engine.* Available: sample\.$/,
      ),
    };
    await expect.poll(() => condition('Deployed')).toMatchObject(saysWhy);
    expect(await condition('Ready')).toMatchObject(saysWhy);
    expect(await condition('SinkProvided')).toMatchObject({ status: 'True' });
    await laptop.client.patch(CONTAINER_SOURCE, KEY, merge, { spec: { image: 'sample' } });
    await expect.poll(async () => (await condition('Ready'))?.status).toBe('True');
  });

  it('that is changed to such an image says so, though what ran before goes on', async () => {
    await create({ image: 'sample', args: ['--sink=http://127.0.0.1:9/'] });
    await expect.poll(async () => (await condition('Ready'))?.status).toBe('True');
    await laptop.client.patch(CONTAINER_SOURCE, KEY, merge, { spec: { image: 'busybox' } });
    await expect
      .poll(() => condition('Ready'))
      .toMatchObject({
        status: 'False',
        reason: 'ImageNotAvailable',
        message: expect.stringMatching(/"busybox" cannot be run here.* What ran before goes on\.$/),
      });
    expect(await view.readyPods()).toHaveLength(1);
    await laptop.client.patch(CONTAINER_SOURCE, KEY, merge, { spec: { image: 'sample' } });
    await expect.poll(async () => (await condition('Ready'))?.status).toBe('True');
  });
});
