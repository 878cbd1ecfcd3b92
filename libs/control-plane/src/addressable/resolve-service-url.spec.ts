import type { EndpointSlice, Service } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { resolveServiceUrl, serviceOfHost, type ServiceAddresses } from './resolve-service-url.js';

const key = { namespace: 'default', name: 'dumper' };

function slice(name: string, port: number, overrides: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default' },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    ports: [{ name: 'http', port }],
    ...overrides,
  };
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: key,
  spec: {
    ports: [
      { name: 'http', port: 80 },
      { name: 'admin', port: 9000 },
    ],
  },
} satisfies Service;

const notReady = { endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: false } }] };
const twoPorts = {
  ports: [
    { name: 'admin', port: 41 },
    { name: 'http', port: 42 },
  ],
};

const rows: {
  reason: string;
  slices: EndpointSlice[];
  addresses?: ServiceAddresses;
  rest?: { port?: number; path?: string };
  url: string;
}[] = [
  { reason: 'no endpoint is known', slices: [], url: 'http://dumper.default.svc.cluster.local/' },
  { reason: 'an endpoint is ready', slices: [slice('a', 4711)], url: 'http://127.0.0.1:4711/' },
  {
    reason: 'DNS is wanted, whatever endpoints there are',
    addresses: 'dns',
    slices: [slice('a', 4711)],
    url: 'http://dumper.default.svc.cluster.local/',
  },
  {
    reason: 'an endpoint is not ready',
    slices: [slice('a', 4711, notReady), slice('b', 4712)],
    url: 'http://127.0.0.1:4712/',
  },
  {
    reason: 'several are ready: the first by name, so that the choice is stable',
    slices: [slice('b', 2), slice('a', 1)],
    url: 'http://127.0.0.1:1/',
  },
  {
    reason: 'the port of the Service has a name',
    slices: [slice('a', 0, twoPorts)],
    url: 'http://127.0.0.1:42/',
  },
  {
    reason: 'another port is asked for, with a path',
    slices: [slice('a', 0, twoPorts)],
    rest: { port: 9000, path: '/in?x=1' },
    url: 'http://127.0.0.1:41/in?x=1',
  },
  {
    reason: 'another port is asked for and DNS must do',
    slices: [],
    rest: { port: 9000, path: '/in' },
    url: 'http://dumper.default.svc.cluster.local:9000/in',
  },
  {
    reason: 'the address is IPv6',
    slices: [slice('a', 80, { addressType: 'IPv6', endpoints: [{ addresses: ['::1'] }] })],
    url: 'http://[::1]:80/',
  },
];

describe('the URL of a Service', () => {
  it.each(rows)('is $url when $reason', ({ slices, addresses = 'endpoints', rest, url }) => {
    const addressing = { clusterDomain: 'cluster.local', serviceAddresses: addresses };
    expect(resolveServiceUrl(key, { service, endpointSlices: slices }, addressing, rest)).toBe(url);
  });
});

describe('a host', () => {
  it.each([
    ['dumper.default.svc', key],
    ['dumper.default.svc.cluster.local', key],
    ['dumper.default.svc.cluster.local.', key],
    ['dumper.default.svc.other.domain', undefined],
    ['dumper.default', undefined],
    ['example.com', undefined],
    ['localhost', undefined],
  ])('%s means %o', (host, expected) => {
    expect(serviceOfHost(host, 'cluster.local')).toEqual(expected);
  });
});
