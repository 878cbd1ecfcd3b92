import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL, findCondition, SUBSCRIPTION, type EventFilter } from '@millrace/eventing-api';
import { Consumer, status, type Behaviour } from '../../../libs/delivery/test/consumer.js';
import { expectBalanceAtRest, imbalances, readAccount, readAccounts } from './accounting.js';
import type { AppProcess } from './app-process.js';
import { arrived, idOf, idsAt, taking } from './arrivals.js';
import { eventually } from './eventually.js';
import { channel, createRoute, deleteSubscription, subscription, subscriptionReady, withSpec } from './objects.js';
import { eventHeaders, idsOf, postAll, send } from './producer.js';
import { HOMES, type Stack } from './stack.js';

describe.each(HOMES)('a Subscription, with $home', ({ start }) => {
  let stack: Stack;
  const consumers = new AsyncDisposableStack();

  beforeAll(async () => {
    stack = await start();
  });
  afterEach(() => expectBalanceAtRest(stack.apps));
  afterAll(async () => {
    await consumers.disposeAsync();
    await stack?.stop();
  });

  const consumer = async (...behaviours: Behaviour[]) => consumers.use(await Consumer.start(...behaviours));
  const urlOf = (channelName: string) => `${stack.ingress}/default/${channelName}`;
  const post = async (channelName: string, id: string, attributes: Record<string, string> = {}) => {
    const answer = await send(urlOf(channelName), { headers: eventHeaders(id, attributes), body: '{}' });
    expect(answer.status).toBe(202);
  };

  describe('with filters', () => {
    interface Example {
      readonly name: string;
      readonly filters: EventFilter[];
      readonly wanted: Record<string, string>;
      readonly unwanted: Record<string, string>;
    }
    const created = { type: 'order.created' };
    const examples: Example[] = [
      { name: 'exact', filters: [{ exact: created }], wanted: created, unwanted: { type: 'order.create' } },
      {
        name: 'prefix',
        filters: [{ prefix: { type: 'order.' } }],
        wanted: created,
        unwanted: { type: 'border.created' },
      },
      {
        name: 'suffix',
        filters: [{ suffix: { type: '.created' } }],
        wanted: created,
        unwanted: { type: 'order.paid' },
      },
      {
        name: 'all',
        filters: [{ all: [{ prefix: { type: 'order.' } }, { exact: { tenant: 'a' } }] }],
        wanted: { ...created, tenant: 'a' },
        unwanted: { ...created, tenant: 'b' },
      },
      {
        name: 'any',
        filters: [{ any: [{ exact: created }, { exact: { tenant: 'a' } }] }],
        wanted: { type: 'order.paid', tenant: 'a' },
        unwanted: { type: 'order.paid', tenant: 'b' },
      },
      { name: 'not', filters: [{ not: { exact: created } }], wanted: { type: 'order.paid' }, unwanted: created },
    ];

    it.each(examples)('gets what $name lets through and nothing else', async ({ name, filters, wanted, unwanted }) => {
      const subscriber = await consumer(status(200));
      const made = withSpec(subscription(name, name, subscriber.origin), { filters });
      await createRoute(stack.client, channel(name), [made]);
      await post(name, 'unwanted', unwanted);
      await post(name, 'wanted', wanted);

      await arrived(subscriber, ['wanted']);
      await expectBalanceAtRest(stack.apps);
      expect(idsAt(subscriber)).toEqual(['wanted']);
      expect((await readAccount(stack.apps, name)).settled).toMatchObject({ delivered: 1, filtered: 1 });
    });

    it('that nothing passes gets nothing, and its account says why', async () => {
      const [subscriber, witness] = [await consumer(status(200)), await consumer(status(200))];
      const strict = subscription('strict', 'strictly', subscriber.origin);
      await createRoute(stack.client, channel('strictly'), [
        withSpec(strict, { filters: [{ exact: { type: 'nobody.sends.this' } }] }),
        subscription('witness', 'strictly', witness.origin),
      ]);
      await arrived(witness, await postAll(urlOf('strictly'), idsOf('', 10)));

      const settled = await eventually('they are filtered', async () => {
        const account = await readAccount(stack.apps, 'strict');
        return account.settled['filtered'] === 10 ? account : undefined;
      });
      expect(settled).toMatchObject({ attempts: {}, store: { accepted: 10, filtered: 10, delivered: 0 } });
      expect(subscriber.requests).toEqual([]);
    });
  });

  describe('ordered by key', () => {
    it('gets the events of a key in their order though some fail at first, and others meanwhile', async () => {
      const taken: string[] = [];
      const attempts = new Map<string, number>();
      const stubborn = (id: string) => {
        const attempt = (attempts.get(id) ?? 0) + 1;
        attempts.set(id, attempt);
        return attempt > 3 || !/^a-[024]$/.test(id) ? 200 : 503;
      };
      const held: (() => void)[] = [];
      const subscriber = await consumer((response, request) => {
        const behave = () => taking(taken, stubborn)(response, request);
        if (idOf(request) === 'b-0') held.push(behave);
        else behave();
      });
      const made = subscription('by-key', 'keys', subscriber.origin, { ordering: 'key', backoffDelay: 'PT0.01S' });
      await createRoute(stack.client, channel('keys'), [made]);
      const ids = ['b-', 'a-', 'c-'].flatMap((prefix) => idsOf(prefix, 6));
      for (const id of ids) await post('keys', id, { partitionkey: id.charAt(0) });

      await arrived(subscriber, [...idsOf('a-', 6), ...idsOf('c-', 6)]);
      expect(idsAt(subscriber).filter((id) => id.startsWith('b'))).toEqual(['b-0']);
      for (const release of held) release();
      await arrived(subscriber, ids);
      await expectBalanceAtRest(stack.apps);
      expect(taken).toHaveLength(ids.length);
      for (const key of ['a', 'b', 'c']) {
        expect(taken.filter((id) => id.startsWith(key))).toEqual(idsOf(`${key}-`, 6));
      }
      expect([attempts.get('a-0'), attempts.get('a-1'), attempts.get('b-0')]).toEqual([4, 1, 1]);
    });

    it('and without an order gets the next event of a key while the one before it is under way', async () => {
      const held: (() => void)[] = [];
      const subscriber = await consumer((response, request) => {
        const behave = () => response.writeHead(200).end();
        if (idOf(request) === '0') held.push(behave);
        else behave();
      });
      await createRoute(stack.client, channel('unordered'), [subscription('none', 'unordered', subscriber.origin)]);
      for (const id of ['0', '1', '2']) await post('unordered', id, { partitionkey: 'a' });

      await eventually('the others are delivered', async () => {
        const { settled, inFlight } = await readAccount(stack.apps, 'none');
        return (settled['delivered'] === 2 && inFlight === 1) || undefined;
      });
      for (const release of held) release();
    });
  });

  describe('with a startPosition', () => {
    it.each(['earliest', '2026-01-31T12:00:00Z'])(
      '%s, which memory does not have, is refused and told so',
      async (startPosition) => {
        const [subscriber, witness] = [await consumer(status(200)), await consumer(status(200))];
        const name = `from-${startPosition.charAt(0)}`;
        await createRoute(stack.client, channel(name), [subscription(`${name}-witness`, name, witness.origin)]);
        await stack.client.create(
          SUBSCRIPTION,
          withSpec(subscription(name, name, subscriber.origin), { startPosition }),
        );

        const message = `The provisioner of the Channel cannot begin at startPosition "${startPosition}"; it can at resume, latest`;
        const refused = await eventually('it is refused', async () => {
          const found = await stack.client.get(SUBSCRIPTION, { namespace: 'default', name });
          return findCondition(found?.status?.conditions, 'ChannelReady')?.status === 'False' ? found : undefined;
        });
        const reason = 'SubscriptionRefusedByChannel';
        expect(findCondition(refused.status?.conditions, 'Ready')).toMatchObject({ status: 'False', reason, message });
        const { status: told } = (await stack.client.get(CHANNEL, { namespace: 'default', name }))!;
        expect(told?.subscribers).toContainEqual(expect.objectContaining({ name, ready: 'False', message }));
        await arrived(witness, await postAll(urlOf(name), ['1']));
        await expectBalanceAtRest(stack.apps);
        expect(subscriber.requests).toEqual([]);
      },
    );

    it('resume goes on where its namesake stood, latest begins behind what that has left', async () => {
      const [resumed, latest] = [await consumer(status(503)), await consumer(status(503))];
      const made = [
        subscription('resume', 'positions', resumed.origin),
        subscription('latest', 'positions', latest.origin),
      ];
      const wanted = made.map((each) => withSpec(each, { startPosition: each.metadata.name ?? '' }));
      await createRoute(stack.client, channel('positions'), wanted);
      await postAll(urlOf('positions'), ['before']);
      for (const each of [resumed, latest]) await arrived(each, ['before']);
      for (const name of ['resume', 'latest']) await deleteSubscription(stack.client, name);
      for (const each of wanted) await stack.client.create(SUBSCRIPTION, each);
      for (const name of ['resume', 'latest']) await subscriptionReady(stack.client, name);
      const takenBy = { resume: [] as string[], latest: [] as string[] };
      resumed.behaviours = [taking(takenBy.resume)];
      latest.behaviours = [taking(takenBy.latest)];
      await postAll(urlOf('positions'), ['after']);

      await expectBalanceAtRest(stack.apps);
      expect(takenBy.resume.toSorted()).toEqual(['after', 'before']);
      expect(takenBy.latest).toEqual(['after']);
      const { store } = await readAccount(stack.apps, 'latest');
      expect(store).toMatchObject({ accepted: 2, delivered: 1, dropped: 1 });
    });
  });

  it('that has lost track of one event is found out by its account', async () => {
    const subscriber = await consumer(status(200));
    await createRoute(stack.client, channel('leaky'), [subscription('leaky', 'leaky', subscriber.origin)]);
    await arrived(subscriber, await postAll(urlOf('leaky'), idsOf('', 10)));
    await expectBalanceAtRest(stack.apps);

    const leaking = await Promise.all(stack.apps.map((app) => withOneLess(app, consumers)));
    const told = (await readAccounts(leaking)).flatMap(imbalances);
    expect(told).toContainEqual(
      expect.stringMatching(/^default\/leaky\/leaky: claimed 10 ≠ settled .*:9,.* in flight 0$/),
    );
    await expect(expectBalanceAtRest(leaking)).rejects.toThrow();
  });
});

/** The process as it would look if it had lost track of an event of Subscription `leaky`. */
async function withOneLess(app: AppProcess, servers: AsyncDisposableStack): Promise<AppProcess> {
  const server = createServer((request, response) => {
    void fetch(`${app.management}${request.url ?? ''}`).then(async (page) => {
      const text = await page.text();
      response.writeHead(page.status).end(text.replace(DELIVERED_TO_LEAKY, (_, series) => `${series} 9`));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.defer(() => void server.close());
  return { ...app, management: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const DELIVERED_TO_LEAKY =
  /^(millrace_delivery_events_settled_total\{[^}]*subscription="leaky"[^}]*settlement="delivered"[^}]*\}) 10$/m;
