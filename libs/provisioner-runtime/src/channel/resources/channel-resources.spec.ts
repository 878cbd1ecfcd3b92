import { describe, expect, it } from 'vitest';
import { channelObject } from '../../../test/test-objects.js';
import { channelService, type ChannelPlace } from './channel-service.js';
import { channelVirtualService } from './channel-virtual-service.js';

const channel = channelObject({}, { uid: 'ab3-cdef' });
const place = (routing: ChannelPlace['routing']): ChannelPlace => ({
  provisioner: 'in-memory',
  routing,
  systemNamespace: 'knative-eventing',
  clusterDomain: 'example.com',
});
const ports = [{ name: 'http', port: 80, protocol: 'TCP' }];

describe('the Service of a Channel', () => {
  it.each([
    {
      routing: 'Ingress' as const,
      spec: { type: 'ExternalName', externalName: 'ingress-dispatcher.knative-eventing.svc.example.com', ports },
    },
    {
      routing: 'Direct' as const,
      spec: { type: 'ExternalName', externalName: 'in-memory-dispatcher.knative-eventing.svc.example.com', ports },
    },
    { routing: 'Istio' as const, spec: { type: 'ClusterIP', ports } },
  ])('leads the way of routing $routing', ({ routing, spec }) => {
    expect(channelService(channel, place(routing)).spec).toEqual(spec);
  });
});

describe('the VirtualService of a Channel', () => {
  it('leads both hosts to the dispatcher, under the virtual host', () => {
    expect(channelVirtualService(channel, place('Istio')).spec).toEqual({
      hosts: ['orders-channel-ab3cd.default.svc.example.com', 'orders.default.channels.example.com'],
      http: [
        {
          rewrite: { authority: 'orders.default.channels.example.com' },
          route: [
            { destination: { host: 'in-memory-dispatcher.knative-eventing.svc.example.com', port: { number: 80 } } },
          ],
        },
      ],
    });
  });

  it('is owned by the Channel and labelled as its Service is', () => {
    const { metadata } = channelVirtualService(channel, place('Istio'));
    const service = channelService(channel, place('Istio'));
    expect(metadata).toEqual(service.metadata);
    expect(metadata.ownerReferences).toMatchObject([
      { kind: 'Channel', name: 'orders', uid: 'ab3-cdef', controller: true },
    ]);
  });
});
