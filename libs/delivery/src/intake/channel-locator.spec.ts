import { describe, expect, it } from 'vitest';
import { ChannelLocator } from './channel-locator.js';

const orders = { namespace: 'default', name: 'orders' };
const HOSTNAME = 'orders-channel-abcde.default.svc.cluster.local';

function locator(): ChannelLocator {
  const known = new ChannelLocator('cluster.local');
  known.rename(orders, undefined, HOSTNAME);
  return known;
}

describe('a ChannelLocator', () => {
  it.each([
    { reason: 'path', host: 'localhost:7641', path: '/default/orders', found: orders },
    { reason: 'path with a slash at the end', host: 'x', path: '/default/orders/', found: orders },
    { reason: 'path before host', host: HOSTNAME, path: '/a/b', found: { namespace: 'a', name: 'b' } },
    { reason: 'name of the Service', host: HOSTNAME, path: '/', found: orders },
    { reason: 'name of the Service with a port', host: `${HOSTNAME}:8080`, path: '/', found: orders },
    { reason: 'name of the Service with the dot of the root', host: `${HOSTNAME}.`, path: '/', found: orders },
    { reason: 'short name of the Service', host: 'orders-channel-abcde.default', path: '/', found: orders },
    { reason: 'virtual host', host: 'orders.default.channels.cluster.local', path: '/', found: orders },
    { reason: 'another Service', host: 'other.default.svc.cluster.local', path: '/', found: undefined },
    {
      reason: 'virtual host of another cluster',
      host: 'orders.default.channels.example.com',
      path: '/',
      found: undefined,
    },
    {
      reason: 'virtual host with one part too many',
      host: 'a.b.c.channels.cluster.local',
      path: '/',
      found: undefined,
    },
    { reason: 'a path of three parts', host: HOSTNAME, path: '/a/b/c', found: undefined },
    { reason: 'a path that climbs', host: HOSTNAME, path: '/../orders', found: undefined },
  ])('knows what is meant by $reason', ({ host, path, found }) => {
    expect(locator().locate(host, path)).toEqual(found);
  });

  it('forgets a name that changed', () => {
    const known = locator();
    known.rename(orders, HOSTNAME, 'new.default.svc.cluster.local');
    expect(known.locate(HOSTNAME, '/')).toBeUndefined();
    expect(known.locate('new.default.svc.cluster.local', '/')).toEqual(orders);
    known.rename(orders, 'new.default.svc.cluster.local', undefined);
    expect(known.locate('new.default.svc.cluster.local', '/')).toBeUndefined();
  });
});
