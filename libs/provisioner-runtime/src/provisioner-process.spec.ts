import {
  findCondition,
  LEASE,
  type ChannelDriver,
  type ChannelDriverProvider,
  type Health,
  type SecretValues,
} from '@millrace/eventing-api';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, sendStatus } from '@millrace/testing';
import { inMemoryDriverProvider } from '../test/in-memory-driver.js';
import { ProvisionerHarness } from '../test/provisioner-harness.js';
import { channelObject, provisionerObject, subscriber } from '../test/test-objects.js';

let harness: ProvisionerHarness;

beforeEach(async () => {
  harness = await ProvisionerHarness.create();
});

afterEach(() => harness.close());

const received = (consumer: { ids: string[] }, ...ids: string[]) =>
  eventually(() => expect([...consumer.ids].sort()).toEqual(ids.sort()));

it('A process is ready as long as one of its stores is there, and tells of each where none is', async () => {
  const stores: { health: Health }[] = [];
  const open: ChannelDriverProvider['open'] = async (...given) => {
    const driver = await inMemoryDriverProvider.open(...given);
    const store: { health: Health } = { health: { status: 'up' } };
    stores.push(store);
    return Object.assign(Object.create(driver) as ChannelDriver, { health: () => Promise.resolve(store.health) });
  };
  await harness.startWith([], { providers: [{ ...inMemoryDriverProvider, open }] });
  await eventually(() => expect(stores).toHaveLength(2));
  stores[0]!.health = { status: 'down', message: 'one is away' };
  expect(await harness.runtime.health()).toEqual({ status: 'up' });
  stores[1]!.health = { status: 'down', message: 'the other, too' };
  const { status, message } = (await harness.runtime.health()) as { status: string; message: string };
  expect(status).toBe('down');
  for (const store of ['one is away', 'the other, too']) expect(message).toContain(store);
});

describe('a ClusterChannelProvisioner', () => {
  const condition = async (name: string, type = 'Ready') =>
    findCondition((await harness.provisioner(name))?.status?.conditions, type);

  it('tells that it is ready, where its intake is and what it can do, and has a dispatcher Service', async () => {
    await harness.startWith([]);
    await eventually(async () => expect((await condition('in-memory-channel'))?.status).toBe('True'));
    expect((await harness.provisioner('in-memory-channel'))?.status).toMatchObject({
      observedGeneration: 1,
      address: {
        hostname: 'in-memory-channel-dispatcher.knative-eventing.svc.cluster.local',
        url: harness.intakeUrl,
      },
      capabilities: { durable: false, acknowledgesDelivery: true },
    });
    const created = harness.api.requestsOf('POST', '/api/v1/namespaces/knative-eventing/services');
    expect(created.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'in-memory-channel-dispatcher' }),
        spec: expect.objectContaining({
          selector: { clusterChannelProvisioner: 'in-memory-channel', role: 'dispatcher' },
        }),
      }),
    );
  });

  it('with parameters that its driver refuses says which, and goes on with those from before', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    const before = (await harness.provisioner('in-memory'))!;
    harness.api.put({ ...before, spec: { parameters: { maxQueuedEvents: 0, colour: 'red' } } });
    await eventually(async () => expect((await condition('in-memory'))?.reason).toBe('InvalidParameters'));
    const message = (await condition('in-memory'))?.message ?? '';
    expect(message).toContain('spec.parameters.maxQueuedEvents');
    expect(message).toContain('spec.parameters.colour');
    expect((await harness.post('1')).status).toBe(202);
    await received(consumer, '1');
  });

  it('tells what a 202 survives', async () => {
    await harness.startWith([]);
    await eventually(async () =>
      expect(await condition('in-memory', 'Durability')).toMatchObject({
        ...{ status: 'False', reason: 'Volatile', severity: 'Info' },
        message: expect.stringContaining('memory of one process'),
      }),
    );
  });

  it('is opened anew when a Secret that it names has another value, and stays open while it has the same', async () => {
    const opened: SecretValues[] = [];
    const provider: ChannelDriverProvider = {
      ...inMemoryDriverProvider,
      parametersSchema: Type.Object({}),
      open(parameters, secrets, context) {
        opened.push(secrets);
        return inMemoryDriverProvider.open({}, secrets, context);
      },
    };
    const parameters = { auth: { secretRef: { name: 'key' } } };
    const giveSecret = (password: string) => {
      const metadata = { name: 'key', namespace: 'knative-eventing' };
      harness.api.put({ apiVersion: 'v1', kind: 'Secret', metadata, data: { password: btoa(password) } });
    };
    const touch = async (label: string) => {
      const provisioner = (await harness.provisioner('in-memory'))!;
      harness.api.put({ ...provisioner, metadata: { ...provisioner.metadata, labels: { touched: label } } });
    };
    giveSecret('old');
    harness.api.put(provisionerObject('in-memory', { driver: 'in-memory', parameters }));
    await harness.start({ providers: [provider] });
    await eventually(() => expect(opened).toEqual([{ key: { password: 'old' } }]));
    await touch('nothing has changed');
    giveSecret('new');
    await touch('now it has');
    await eventually(() => expect(opened).toEqual([{ key: { password: 'old' } }, { key: { password: 'new' } }]));
    await eventually(async () => expect((await condition('in-memory'))?.status).toBe('True'));
  });

  it('whose Secrets cannot be read says so', async () => {
    const provider = { ...inMemoryDriverProvider, parametersSchema: Type.Object({}) };
    harness.api.intercept = ({ path }, response) => {
      if (!path.includes('/secrets/')) return false;
      sendStatus(response, 403, 'Forbidden', 'no right to read Secrets');
      return true;
    };
    const parameters = { auth: { secretRef: { name: 'key' } } };
    harness.api.put(provisionerObject('in-memory', { driver: 'in-memory', parameters }));
    await harness.start({ providers: [provider] });
    await eventually(async () =>
      expect(await condition('in-memory')).toMatchObject({
        status: 'False',
        reason: 'StoreUnavailable',
        message: expect.stringContaining('no right to read Secrets'),
      }),
    );
  });

  it('is opened anew with changed parameters, and loses no event that waits', async () => {
    const consumer = await harness.consumer();
    const held = Promise.withResolvers<number>();
    consumer.answer = () => held.promise;
    await harness.startWith([subscriber('a', consumer.url)]);
    expect((await harness.post('1')).status).toBe(202);
    const before = (await harness.provisioner('in-memory'))!;
    harness.api.put({ ...before, spec: { parameters: { maxQueuedEvents: 1 } } });
    await eventually(async () => expect((await harness.post('x')).status).toBe(503));
    // What the old store holds is still seen.
    expect([...harness.runtime.stores.accounts()]).toMatchObject([{ accepted: 1, pending: 1 }]);
    held.resolve(200);
    await received(consumer, '1');
    await eventually(async () => expect((await harness.post('2')).status).toBe(202));
    expect([...harness.runtime.stores.accounts()].map(({ accepted }) => accepted).sort()).toEqual([1, 1]);
    consumer.answer = () => new Promise(() => {});
    await received(consumer, '1', '2');
    await eventually(async () => {
      await harness.post('3');
      expect((await harness.post('4')).status).toBe(429);
    });
  });
});

describe('the Lease of a driver', () => {
  const KEY = { namespace: 'knative-eventing', name: 'provisioner-in-memory' };
  const lease = () => harness.client.get(LEASE, KEY);
  const heldBy = (holderIdentity: string) =>
    harness.api.put({
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: KEY },
      spec: { holderIdentity, leaseDurationSeconds: 3600, renewTime: new Date().toISOString() },
    });

  it('is taken from whoever has it where one process runs, tells what it claims, and is given back at the end', async () => {
    heldBy('a process that crashed');
    await harness.startWith([]);
    expect((await lease())?.metadata.annotations).toEqual({
      'provisioner.millrace/claims': 'in-memory,in-memory-channel',
    });
    expect((await lease())?.spec?.holderIdentity).toMatch(/_/);
    await harness.stop();
    expect((await lease())?.spec?.holderIdentity).toBe('');
  });

  it('is kept for every driver of the process', async () => {
    const other = { ...inMemoryDriverProvider, driver: 'other', claims: { other: {} } };
    await harness.start({ providers: [inMemoryDriverProvider, other] });
    const second = { ...KEY, name: 'provisioner-other' };
    await eventually(async () => expect((await harness.client.get(LEASE, second))?.spec?.holderIdentity).toMatch(/_/));
    await harness.stop();
    for (const key of [KEY, second]) expect((await harness.client.get(LEASE, key))?.spec?.holderIdentity).toBe('');
  });

  it('decides who reconciles where several run: a standby writes nothing until it gets the Lease', async () => {
    heldBy('another replica');
    harness.api.put(provisionerObject('in-memory'));
    harness.api.put(channelObject());
    await harness.start({ leaderElection: true });
    await eventually(() => expect(harness.runtime.stores.open('in-memory')).toBeDefined());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await harness.channel())?.status).toBeUndefined();
    expect((await harness.provisioner('in-memory'))?.status).toBeUndefined();
    heldBy('');
    await harness.ready(0);
    expect((await lease())?.spec?.holderIdentity).toMatch(/_/);
  });
});

describe('the process', () => {
  it('answers 503 until it knows its Channels, and after a restart never anything else but 202', async () => {
    const consumer = await harness.consumer();
    await harness.startWith([subscriber('a', consumer.url)]);
    await harness.stop();
    let listed = false;
    harness.api.intercept = ({ path }, response) => {
      if (listed || !path.endsWith('/channels')) return false;
      sendStatus(response, 503, 'ServiceUnavailable', 'not yet');
      return true;
    };
    await harness.start();
    expect(await harness.post('early')).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    listed = true;
    const statuses = new Set<number>();
    await eventually(async () => {
      const { status } = await harness.post('1');
      statuses.add(status);
      expect(status).toBe(202);
    });
    expect([...statuses].sort()).toEqual([202, 503]);
    await received(consumer, '1');
  });

  it('delivers what is queued before it ends, and takes nothing in meanwhile', async () => {
    const consumer = await harness.consumer();
    const held = Promise.withResolvers<number>();
    consumer.answer = () => held.promise;
    await harness.startWith([{ ...subscriber('a', consumer.url), delivery: { maxInFlight: 1 } }]);
    const ids = ['1', '2', '3'];
    for (const id of ids) expect((await harness.post(id)).status).toBe(202);
    await harness.stopIntake();
    const draining = harness.drain(AbortSignal.timeout(5000));
    held.resolve(200);
    await draining;
    expect(consumer.ids).toEqual(ids);
  });

  it('says once for whom the end has to wait, and logs what it gave up', async () => {
    const [dead, alive] = [await harness.consumer(), await harness.consumer()];
    dead.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('dead', dead.url), subscriber('alive', alive.url)]);
    for (const id of ['1', '2']) await harness.post(id);
    await harness.stop(AbortSignal.timeout(1500));
    const { lines, fields } = harness.logger;
    const warnings = lines.flatMap((line, index) => (line.startsWith('warn') ? [[line, fields[index]]] : []));
    expect(warnings).toEqual([
      [expect.stringContaining('a second Ctrl-C ends at once'), { unsettled: { 'default/orders/dead': 2 } }],
      [expect.stringContaining('abandoned'), { namespace: 'default', name: 'orders', purpose: 'events', abandoned: 2 }],
    ]);
  });

  it('counts what is left when the time for the drain is over', async () => {
    const consumer = await harness.consumer();
    consumer.answer = () => new Promise(() => {});
    await harness.startWith([subscriber('a', consumer.url)]);
    await harness.post('1');
    const [account] = [...harness.runtime.stores.openStores()].flatMap(({ driver }) => [...driver.accounts!()]);
    await harness.stop(AbortSignal.timeout(50));
    expect(account).toMatchObject({ accepted: 1, pending: 0, droppedByReason: new Map([['shut-down', 1]]) });
  });
});
