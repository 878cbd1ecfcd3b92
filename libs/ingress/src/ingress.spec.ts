import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IntakeRequest } from '@millrace/delivery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, sendStatus } from '@millrace/testing';
import { channelOf, IngressHarness, provisionerAt } from '../test/ingress-harness.js';

const CHANNEL_PATH = '/apis/eventing.knative.dev/v1alpha1/namespaces/default/channels';

let harness: IngressHarness;

beforeEach(async () => {
  harness = await IngressHarness.create();
});

afterEach(() => harness.close());

/** Starts and waits until the door is open. */
async function open(limits?: Parameters<IngressHarness['start']>[0]): Promise<void> {
  await harness.start(limits);
  await eventually(async () =>
    expect((await harness.post('/default/orders', { 'ce-specversion': '9' })).status).toBe(400),
  );
}

describe('a request for a Channel of a provisioner elsewhere', () => {
  it('is handed on unchanged, with the UID of the Channel, and without what means this connection only', async () => {
    const provisioner = await harness.remote('kafka');
    const { uid } = harness.api.put(channelOf('kafka')).metadata;
    await open();
    const body = JSON.stringify({ text: 'ü'.repeat(100) });
    const headers = {
      'X-Several': ['a', 'b'],
      'ce-comment': 'Euro%20%E2%82%AC',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'knative-hop-count': '3',
      'proxy-authorization': 'secret',
      'millrace-channel-uid': 'guess',
    };
    expect((await harness.post('/default/orders', headers, body)).status).toBe(202);
    const [handed] = provisioner.handed;
    expect(handed?.path).toBe('/default/orders');
    expect(handed?.body.toString()).toBe(body);
    expect(handed?.headers).toMatchObject({
      'ce-comment': 'Euro%20%E2%82%AC',
      'content-type': 'application/json',
      traceparent: headers.traceparent,
      'knative-hop-count': '3',
      'millrace-channel-uid': uid,
      host: provisioner.url.replace('http://', ''),
    });
    expect(handed?.headers['proxy-authorization']).toBeUndefined();
    const several = handed?.rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === 'x-several');
    expect(several).toEqual(['a', 'b']);
  });

  it.each([
    { reason: 'a bad event', status: 400, retryAfter: undefined },
    { reason: 'an event that is too large', status: 413, retryAfter: undefined },
    { reason: 'a full queue', status: 429, retryAfter: '17' },
    { reason: 'subscribers that failed', status: 500, retryAfter: undefined },
    { reason: 'a store that is away', status: 503, retryAfter: '5' },
  ])('passes $status for $reason through, with message and Retry-After', async ({ status, retryAfter }) => {
    const provisioner = await harness.remote('kafka');
    harness.api.put(channelOf('kafka'));
    await open();
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    provisioner.answer = () => ({ status, headers, text: 'in the words of the provisioner\n' });
    expect(await harness.post('/default/orders')).toEqual({
      status,
      retryAfter,
      text: 'in the words of the provisioner\n',
    });
  });

  it('gets 503 and Retry-After when nothing listens there', async () => {
    const provisioner = await harness.remote('kafka');
    harness.api.put(channelOf('kafka'));
    await open();
    await provisioner.close();
    expect(await harness.post('/default/orders')).toMatchObject({ status: 503, retryAfter: '1' });
  });

  it('gets 503 and not 400 when the provisioner did not get it whole in time', async () => {
    const provisioner = await harness.remote('kafka');
    harness.api.put(channelOf('kafka'));
    await open();
    provisioner.answer = () => ({ status: 408 });
    expect((await harness.post('/default/orders')).status).toBe(503);
  });

  it('does not keep the process from ending while its provisioner does not answer', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    harness.api.put(provisionerAt('kafka', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`));
    harness.api.put(channelOf('kafka'));
    await open();
    const asked = new Promise((resolve) => silent.once('request', resolve));
    const answer = harness.post('/default/orders').catch(() => 'cut off');
    await asked;
    await harness.stop();
    expect(await answer).toBe('cut off');
    silent.closeAllConnections();
    silent.close();
  });

  it('counts one hop, the ingress and its provisioner being one intake', async () => {
    const provisioner = await harness.remote('kafka');
    const local: IntakeRequest[] = [];
    const accept = (given: IntakeRequest) => {
      local.push(given);
      return Promise.resolve({ outcome: 'accepted' } as const);
    };
    harness.localIntakes.set('in-memory', { accept });
    harness.api.put(channelOf('kafka'));
    harness.api.put(channelOf('in-memory', 'here'));
    await open();
    for (const path of ['/default/orders', '/default/here']) await harness.post(path, { 'knative-hop-count': '7' });
    // The provisioner behind the hop reads the header itself, and counts.
    expect(provisioner.handed[0]?.headers['knative-hop-count']).toBe('7');
    expect(local[0]?.events.map(({ transport }) => transport.hops)).toEqual([8]);
  });

  it('gets 503 when nobody serves the provisioner', async () => {
    harness.api.put(channelOf('kafka'));
    await open();
    expect(await harness.post('/default/orders')).toMatchObject({
      status: 503,
      retryAfter: '1',
      text: expect.stringContaining('"kafka"'),
    });
  });

  it('looks again, once, when the provisioner knows another Channel of that name', async () => {
    const provisioner = await harness.remote('kafka');
    harness.api.put(channelOf('kafka'));
    await open();
    // A Channel made anew, which the cache does not know yet.
    const live = { ...channelOf('kafka'), metadata: { name: 'orders', namespace: 'default', uid: 'new' } };
    harness.api.intercept = ({ method, path }, response) => {
      if (method !== 'GET' || path !== `${CHANNEL_PATH}/orders`) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(live));
      return true;
    };
    provisioner.answer = ({ headers }) => ({ status: headers['millrace-channel-uid'] === 'new' ? 202 : 404 });
    expect((await harness.post('/default/orders')).status).toBe(202);
    expect(provisioner.handed.map(({ headers }) => headers['millrace-channel-uid'])).toEqual([
      expect.stringMatching(/^uid-/),
      'new',
    ]);
    provisioner.answer = () => ({ status: 404 });
    expect((await harness.post('/default/orders')).status).toBe(404);
    expect(provisioner.handed).toHaveLength(4);
  });

  it('is answered like any other when its provisioner moves', async () => {
    const before = await harness.remote('kafka');
    harness.api.put(channelOf('kafka'));
    await open();
    const after = await harness.remote('kafka');
    await eventually(async () => {
      await harness.post('/default/orders');
      expect(after.handed.length).toBeGreaterThan(0);
    });
    await before.close();
    expect((await harness.post('/default/orders')).status).toBe(202);
  });
});

describe('a request for a Channel of a provisioner in this process', () => {
  it('is handed over without a hop', async () => {
    const seen: IntakeRequest[] = [];
    harness.localIntakes.set('in-memory', {
      accept(request) {
        seen.push(request);
        return Promise.resolve({ outcome: 'accepted' });
      },
    });
    harness.api.put(provisionerAt('in-memory', 'http://127.0.0.1:1'));
    const { uid } = harness.api.put(channelOf('in-memory')).metadata;
    await open();
    expect((await harness.post('/default/orders')).status).toBe(202);
    expect(seen[0]).toMatchObject({ channel: { namespace: 'default', name: 'orders', uid }, events: [{ id: '1' }] });
  });
});

describe('the Channel of a request', () => {
  it('is found by path, by the name of its Service with any port, also a short one, and by its virtual host', async () => {
    const provisioner = await harness.remote('kafka');
    harness.api.put(channelOf('kafka', 'orders', 'orders-channel-abcde.default.svc.cluster.local'));
    await open();
    const hosts = [
      'orders-channel-abcde.default.svc.cluster.local',
      'Orders-Channel-abcde.default.svc.cluster.local:8080',
      'orders-channel-abcde.default.svc',
      'orders-channel-abcde.default',
      'orders.default.channels.cluster.local',
    ];
    for (const host of hosts) expect((await harness.post('/', { host })).status, host).toBe(202);
    expect((await harness.post('/default/orders/?a=b')).status).toBe(202);
    expect(provisioner.handed.map(({ path }) => path)).toEqual(Array.from({ length: 6 }, () => '/default/orders'));
  });

  it('that does not exist is asked for once a second, and the 404 names it', async () => {
    await open();
    const path = `${CHANNEL_PATH}/nope`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => harness.post('/default/nope')));
    answers.push(await harness.post('/default/nope'));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('default/nope') });
    }
    expect(harness.api.requestsOf('GET', path)).toHaveLength(1);
  });

  it('that is new and not in the cache yet is found by asking the API', async () => {
    const provisioner = await harness.remote('kafka');
    await open();
    harness.api.silenceWatches();
    harness.api.put(channelOf('kafka'));
    expect((await harness.post('/default/orders')).status).toBe(202);
    expect(provisioner.handed).toHaveLength(1);
  });

  it('is guessed when namespace and name are swapped', async () => {
    harness.api.put(channelOf('kafka'));
    await open();
    expect((await harness.post('/orders/default')).text).toContain('/default/orders');
  });

  it.each(['/', '/default', '/a/b/c', '/Default/Orders', '/default/%2e%2e'])('is not named by %s', async (path) => {
    await open();
    expect((await harness.post(path)).status).toBe(404);
  });

  it('that is being deleted is not there', async () => {
    const channel = channelOf('kafka');
    const deletionTimestamp = new Date().toISOString();
    harness.api.put({ ...channel, metadata: { ...channel.metadata, deletionTimestamp } });
    await open();
    expect((await harness.post('/default/orders')).status).toBe(404);
  });
});

describe('the door', () => {
  it('answers 503 until it knows the Channels', async () => {
    let listed = false;
    harness.api.intercept = ({ path }, response) => {
      if (listed || !path.endsWith('/channels')) return false;
      sendStatus(response, 503, 'ServiceUnavailable', 'not yet');
      return true;
    };
    await harness.start();
    expect(await harness.post('/default/orders')).toMatchObject({ status: 503, retryAfter: '1' });
    listed = true;
    await eventually(async () => expect((await harness.post('/default/orders')).status).toBe(404));
  });

  it('refuses a request over the limit with 413, and bytes over the budget with 429', async () => {
    await open({ maxEventBytes: 100, maxBytesInFlight: 50 });
    expect((await harness.post('/default/orders', {}, 'x'.repeat(101))).status).toBe(413);
    expect(await harness.post('/default/orders', {}, 'x'.repeat(60))).toMatchObject({ status: 429, retryAfter: '1' });
  });
});
