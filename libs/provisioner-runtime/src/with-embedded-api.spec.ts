import { CHANNEL, CLUSTER_CHANNEL_PROVISIONER, EVENT, SERVICE } from '@millrace/eventing-api';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@millrace/testing';
import { EmbeddedStack } from '../test/embedded-stack.js';
import { TestConsumer } from '../test/test-consumer.js';
import { channelObject, provisionerObject, subscriber } from '../test/test-objects.js';

const KEY = { namespace: 'default', name: 'orders' };

let stack: EmbeddedStack;
let consumer: TestConsumer;

afterEach(async () => {
  await stack.stop();
  await consumer.close();
});

async function post(id: string): Promise<number> {
  const response = await fetch(`${stack.ingressUrl}/default/orders`, {
    method: 'POST',
    headers: { 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/t', 'ce-type': 't' },
  });
  await response.arrayBuffer();
  return response.status;
}

describe.each(['local', 'remote'] as const)('against the embedded API, the ingress being %s', (wiring) => {
  it('a Channel lives from its creation to its deletion, and again under the same name', async () => {
    consumer = await TestConsumer.start();
    stack = await EmbeddedStack.start(wiring);
    const { client } = stack;
    await client.create(CLUSTER_CHANNEL_PROVISIONER, provisionerObject('in-memory'));
    const subscribable = { subscribers: [subscriber('a', consumer.url)] };
    const first = await client.create(CHANNEL, channelObject({ subscribable }));
    await eventually(async () => expect(await post('1')).toBe(202));
    await eventually(() => expect(consumer.ids).toContain('1'));

    await eventually(async () => {
      const status = (await client.get(CHANNEL, KEY))?.status;
      expect(status?.conditions?.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
        'Addressable=True',
        'Provisioned=True',
        'Ready=True',
      ]);
      expect(status?.subscribers).toEqual([{ uid: 'uid-of-a', name: 'a', observedGeneration: 1, ready: 'True' }]);
    });
    const services = await client.list(SERVICE, { namespace: 'default', labelSelector: 'channel=orders' });
    expect(services.items.map(({ spec }) => spec?.type)).toEqual(['ExternalName']);

    await client.delete(CHANNEL, KEY);
    await eventually(async () => expect(await client.get(CHANNEL, KEY)).toBeUndefined());
    expect(await post('2')).toBe(404);
    await eventually(async () => {
      const left = await client.list(SERVICE, { namespace: 'default', labelSelector: 'channel=orders' });
      expect(left.items).toEqual([]);
    });

    const second = await client.create(CHANNEL, channelObject({ subscribable }));
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    await eventually(async () => expect(await post('3')).toBe(202));
    await eventually(() => expect(consumer.ids).toContain('3'));

    await eventually(async () => {
      const events = (await client.list(EVENT, { namespace: 'default' })).items;
      const told = events.filter(({ involvedObject }) => involvedObject.kind === 'Channel').map(({ reason }) => reason);
      expect(told).toEqual(['ChannelReconciled', 'ChannelReconciled']);
    });
  });
});
