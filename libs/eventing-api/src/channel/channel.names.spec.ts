import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channelServiceHostname,
  channelServiceLabels,
  channelServiceName,
  channelVirtualHost,
} from './channel.names.js';

const dnsLabel = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

describe('the Service of a Channel', () => {
  it('is named after the Channel and its UID', () => {
    expect(channelServiceName({ name: 'testchannel', uid: '9j22r000-aaaa-4bbb-8ccc-dddddddddddd' })).toBe(
      'testchannel-channel-9j22r',
    );
    expect(channelServiceName({ name: 'a', uid: '3F2-A1-B2' })).toBe('a-channel-3f2a1');
  });

  it('gets a letter in front where the Channel begins with a digit', () => {
    expect(channelServiceName({ name: '2019-orders', uid: '3f2a1b2c' })).toBe('ch-2019-orders-channel-3f2a1');
  });

  it('has a name that a Service may have, whatever the Channel is called', () => {
    fc.assert(
      fc.property(dnsLabel, fc.uuid(), (name, uid) => {
        expect(channelServiceName({ name, uid })).toMatch(/^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])$/);
      }),
    );
  });

  it('keeps its name for as long as the Channel lives, and shares it with no other of that name', () => {
    fc.assert(
      fc.property(dnsLabel, fc.uuid(), fc.uuid(), (name, uid, otherUid) => {
        fc.pre(uid.slice(0, 5) !== otherUid.slice(0, 5));
        expect(channelServiceName({ name, uid })).toBe(channelServiceName({ name, uid }));
        expect(channelServiceName({ name, uid })).not.toBe(channelServiceName({ name, uid: otherUid }));
      }),
    );
  });

  it('carries the labels of both generations', () => {
    expect(channelServiceLabels({ channel: 'orders', provisioner: 'kafka' })).toEqual({
      'eventing.knative.dev/channel': 'orders',
      'eventing.knative.dev/provisioner': 'kafka',
      channel: 'orders',
      provisioner: 'kafka',
    });
  });

  it('is reached in the cluster under its DNS name and under the virtual host of 2019', () => {
    const domain = { namespace: 'default', clusterDomain: 'cluster.local' };

    expect(channelServiceHostname({ serviceName: 'orders-channel-3f2a1', ...domain })).toBe(
      'orders-channel-3f2a1.default.svc.cluster.local',
    );
    expect(channelVirtualHost({ name: 'orders', ...domain })).toBe('orders.default.channels.cluster.local');
  });
});
