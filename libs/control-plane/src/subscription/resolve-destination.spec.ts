import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  SERVICE,
  SUBSCRIPTION,
  type Channel,
  type Subscription,
} from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryKube } from '../../test/in-memory-kube.js';
import {
  EVENTING,
  channel,
  conditionOf,
  coreService,
  eventsOf,
  provisioner,
  readyStatus,
  settled,
  startControlPlane,
  subscription,
  type Scene,
} from '../../test/scene.js';

const ORDERS = { namespace: 'default', name: 'orders' };
const BILLING = { namespace: 'default', name: 'billing' };
const LETTERS = { namespace: 'default', name: 'letters' };

const subscriber = { uri: 'http://example.com/in' };
const lettersChannel = { ref: { apiVersion: EVENTING, kind: 'Channel', name: 'letters' } };
const lettersService = { ref: { apiVersion: 'v1', kind: 'Service', name: 'letters' } };
const serviceUrl = 'http://letters.default.svc.cluster.local/';

let kube: InMemoryKube;
let scene: Scene;

beforeEach(async () => {
  kube = new InMemoryKube();
  await kube.seed(CLUSTER_CHANNEL_PROVISIONER, provisioner('in-memory'));
  scene = await startControlPlane(kube);
});

afterEach(() => scene.stop());

async function given(spec: Subscription['spec'], ofChannel: Channel['spec'] = {}): Promise<void> {
  await kube.create(CHANNEL, channel('orders', { spec: ofChannel }));
  await kube.create(SERVICE, coreService('letters'));
  await kube.create(CHANNEL, channel('letters'));
  await kube.create(SUBSCRIPTION, subscription('billing', spec));
  await settled(kube);
}

const stored = () => kube.get(SUBSCRIPTION, BILLING);
const addresses = async () => (await stored())?.status?.physicalSubscription;
const entries = async () => (await kube.get(CHANNEL, ORDERS))?.spec?.subscribable?.subscribers ?? [];

async function change(spec: object): Promise<void> {
  await kube.patch(SUBSCRIPTION, BILLING, 'application/merge-patch+json', { spec });
  await settled(kube);
}

describe('a reply', () => {
  it.each([
    ['a Channel', { channel: lettersChannel.ref }, 'http://ingress/default/letters'],
    ['a Channel as any object', lettersChannel, 'http://ingress/default/letters'],
    ['a Service', lettersService, serviceUrl],
    ['a URL', { uri: 'https://answers.example.com/in' }, 'https://answers.example.com/in'],
  ])('goes to %s', async (_what, reply, replyURI) => {
    await given({ subscriber, reply });
    expect(await addresses()).toEqual({ subscriberURI: 'http://example.com/in', replyURI });
    expect(await entries()).toMatchObject([{ replyURI }]);
  });
});

describe('a dead letter sink', () => {
  it.each([
    ['a Channel', lettersChannel, 'http://ingress/default/letters'],
    ['a Service', lettersService, serviceUrl],
    ['a URL', { uri: 'https://letters.example.com/in' }, 'https://letters.example.com/in'],
  ])('is %s', async (_what, deadLetterSink, deadLetterSinkURI) => {
    await given({ subscriber, delivery: { retry: 3, deadLetterSink } });
    expect(await addresses()).toEqual({ subscriberURI: 'http://example.com/in', deadLetterSinkURI });
    expect(await entries()).toMatchObject([{ deadLetterSinkURI, delivery: { retry: 3 } }]);
    expect((await entries())[0]?.delivery).toEqual({ retry: 3 });
  });

  it('is that of the Channel for a Subscription without a delivery of its own', async () => {
    await given({ subscriber }, { delivery: { retry: 3, deadLetterSink: lettersService } });
    expect(await addresses()).toMatchObject({ deadLetterSinkURI: serviceUrl });
    expect(await entries()).toMatchObject([{ deadLetterSinkURI: serviceUrl, delivery: { retry: 3 } }]);
  });

  it('of the Channel is none for a Subscription with any delivery of its own', async () => {
    await given({ subscriber }, { delivery: { deadLetterSink: lettersService } });
    await change({ delivery: { retry: 5 } });
    expect(await addresses()).toEqual({ subscriberURI: 'http://example.com/in' });
    expect((await entries())[0]).not.toHaveProperty('deadLetterSinkURI');
  });

  it('of the Channel that changes is noticed', async () => {
    await given({ subscriber }, { delivery: { deadLetterSink: lettersService } });
    const spec = { delivery: { deadLetterSink: { ref: null, uri: 'http://other.example.com/' } } };
    await kube.patch(CHANNEL, ORDERS, 'application/merge-patch+json', { spec });
    await settled(kube);
    expect(await entries()).toMatchObject([{ deadLetterSinkURI: 'http://other.example.com/' }]);
  });

  it('whose address changes is noticed', async () => {
    await given({ subscriber, delivery: { deadLetterSink: lettersChannel } });
    const sink = (await kube.get(CHANNEL, LETTERS)) as Channel;
    const status = { ...readyStatus('letters'), address: { url: 'http://elsewhere/letters' } };
    await kube.updateStatus(CHANNEL, { ...sink, status });
    await settled(kube);
    expect(await addresses()).toMatchObject({ deadLetterSinkURI: 'http://elsewhere/letters' });
    expect(await entries()).toMatchObject([{ deadLetterSinkURI: 'http://elsewhere/letters' }]);
  });

  it.each([
    ['own', { delivery: { deadLetterSink: lettersService } }, {}, 'Dead letter sink: Service "letters"'],
    [
      "Channel's",
      {},
      { delivery: { deadLetterSink: lettersService } },
      'Dead letter sink of Channel "orders": Service "letters"',
    ],
  ])('that is gone makes events wait until it is there again: its %s', async (_whose, own, ofChannel, message) => {
    await given({ subscriber, ...own }, ofChannel);
    await kube.delete(SERVICE, LETTERS);
    await settled(kube);
    expect(conditionOf(await stored(), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'DeadLetterSinkResolveFailed',
      message: `${message} does not exist in namespace "default". Create it, or name another.`,
    });
    expect(conditionOf(await stored(), 'Resolved')?.status).toBe('False');
    expect(await addresses()).toEqual({});
    expect(await entries()).toEqual([]);
    expect(await eventsOf(kube)).toEqual(['Subscription/billing DeadLetterSinkResolveFailed']);

    await kube.create(SERVICE, coreService('letters'));
    await settled(kube);
    expect(conditionOf(await stored(), 'Resolved')?.status).toBe('True');
    expect(await entries()).toMatchObject([{ deadLetterSinkURI: serviceUrl }]);
  });

  it('is told after the subscriber where neither is known', async () => {
    await given({
      subscriber: { ref: { apiVersion: 'v1', kind: 'Service', name: 'nobody' } },
      delivery: { deadLetterSink: { ref: { apiVersion: 'v1', kind: 'Service', name: 'nowhere' } } },
    });
    expect(conditionOf(await stored(), 'Resolved')?.reason).toBe('SubscriberResolveFailed');
  });
});
