import { CHANNEL, CHANNEL_LABEL, ENDPOINT_SLICE, SERVICE, SUBSCRIPTION, type KubeObject } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryKube } from '../../test/in-memory-kube.js';
import {
  channel,
  conditionOf,
  coreService,
  settled,
  startControlPlane,
  subscription,
  type Scene,
} from '../../test/scene.js';

const BILLING = { namespace: 'default', name: 'billing' };
const SINK_KIND = { group: 'example.com', version: 'v1', kind: 'EventSink', plural: 'eventsinks', namespaced: true };

let kube: InMemoryKube;
let scene: Scene;
beforeEach(() => {
  kube = new InMemoryKube();
});
afterEach(() => scene.stop());

const sink = (status: object): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'EventSink',
  metadata: { name: 'sink', namespace: 'default' },
  status,
});
const sinkRef = { ref: { apiVersion: 'example.com/v1', kind: 'EventSink', name: 'sink' } };

async function resolve(
  subscriber: object,
  { given = [], addresses = 'dns' }: { given?: KubeObject[]; addresses?: 'dns' | 'endpoints' } = {},
): Promise<{ url?: string | undefined; message?: string | undefined }> {
  for (const object of given) await kube.create(SINK_KIND, object);
  await kube.create(CHANNEL, channel('orders'));
  await kube.create(SUBSCRIPTION, subscription('billing', { subscriber }));
  scene = await startControlPlane(kube, { serviceAddresses: addresses });
  await settled(kube);
  return outcome();
}

async function outcome() {
  const stored = await kube.get(SUBSCRIPTION, BILLING);
  const url = stored?.status?.physicalSubscription?.subscriberURI;
  return { url, message: conditionOf(stored, 'Resolved')?.message };
}

describe('a reference to an object of any kind', () => {
  it.each([
    ['its URL', { address: { url: 'https://sink.example.com/in', hostname: 'other' } }, 'https://sink.example.com/in'],
    ['its hostname', { address: { hostname: 'sink.example.com' } }, 'http://sink.example.com/'],
    ['the internal domain of 2019', { domainInternal: 'sink.example.com' }, 'http://sink.example.com/'],
    ['the internal domain beside an empty address', { address: {}, domainInternal: 'a.b' }, 'http://a.b/'],
  ])('resolves to %s', async (_what, status, url) => {
    expect((await resolve(sinkRef, { given: [sink(status)] })).url).toBe(url);
  });

  it.each([[{}], [{ address: {} }], [{ address: { hostname: '' } }]])(
    'does not resolve with status %o',
    async (status) => {
      expect(await resolve(sinkRef, { given: [sink(status)] })).toMatchObject({
        url: undefined,
        message: expect.stringContaining('EventSink.example.com "sink" has no address yet'),
      });
    },
  );

  it('tells that the API does not know its kind', async () => {
    expect((await resolve(sinkRef)).message).toContain('The API does not know kind "EventSink" of "example.com/v1"');
  });
});

describe('a written address', () => {
  it.each([
    [{ uri: 'https://example.com' }, 'https://example.com'],
    [{ dnsName: 'http://example.com:8080/x?y' }, 'http://example.com:8080/x?y'],
    [{ dnsName: 'example.com' }, 'http://example.com/'],
    [{ dnsName: '127.0.0.1:8080' }, 'http://127.0.0.1:8080/'],
    [{ dnsName: 'dumper' }, 'http://dumper.default.svc.cluster.local/'],
    [{ uri: 'http://dumper.default.svc/in' }, 'http://dumper.default.svc/in'],
  ])('%o resolves to %s', async (subscriber, url) => {
    expect((await resolve(subscriber)).url).toBe(url);
  });

  it.each(['ftp://example.com', 'two words', 'http://'])('"%s" is refused with a sentence', async (uri) => {
    expect(await resolve({ uri })).toMatchObject({
      url: undefined,
      message: `Subscriber: "${uri}" is neither an http(s) URL nor a host name.`,
    });
  });
});

describe('where there is no cluster DNS', () => {
  const endpoints = (port: number) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'dumper-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'dumper' } },
    addressType: 'IPv4' as const,
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: [{ name: 'http', port }],
  });
  const uri = 'http://dumper.default.svc.cluster.local/in';

  it('follows a Service to the port where it answers, and when that changes', async () => {
    await kube.create(SERVICE, coreService('dumper'));
    expect((await resolve({ uri }, { addresses: 'endpoints' })).url).toBe(uri);
    const slice = await kube.create(ENDPOINT_SLICE, endpoints(4001));
    await settled(kube);
    expect((await outcome()).url).toBe('http://127.0.0.1:4001/in');
    await kube.update(ENDPOINT_SLICE, { ...slice, ports: [{ name: 'http', port: 4002 }] });
    await settled(kube);
    expect((await outcome()).url).toBe('http://127.0.0.1:4002/in');
  });

  it('stays where a Service answered last while it answers nowhere, until the Service itself is gone', async () => {
    await kube.create(SERVICE, coreService('dumper'));
    await kube.create(ENDPOINT_SLICE, endpoints(4001));
    expect((await resolve({ uri }, { addresses: 'endpoints' })).url).toBe('http://127.0.0.1:4001/in');
    await kube.delete(ENDPOINT_SLICE, { namespace: 'default', name: 'dumper-1' });
    await settled(kube);
    expect((await outcome()).url).toBe('http://127.0.0.1:4001/in');
    await kube.delete(SERVICE, { namespace: 'default', name: 'dumper' });
    await settled(kube);
    expect((await outcome()).url).toBe(uri);
  });

  it('takes the Service of a Channel for the Channel', async () => {
    const service = coreService('answers-channel-abcde');
    service.metadata.labels = { [CHANNEL_LABEL]: 'answers' };
    await kube.create(SERVICE, service);
    await kube.create(CHANNEL, channel('answers'));
    const host = 'http://answers-channel-abcde.default.svc.cluster.local/';
    expect((await resolve({ uri: host }, { addresses: 'endpoints' })).url).toBe('http://ingress/default/answers');
  });
});
