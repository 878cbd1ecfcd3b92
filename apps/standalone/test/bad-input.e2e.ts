import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL, CLUSTER_CHANNEL_PROVISIONER, SUBSCRIPTION, type KubeObject } from '@millrace/eventing-api';
import { KubeApiError } from '@millrace/kube';
import { Consumer, endless, hang, reset, status, type Behaviour } from '../../../libs/delivery/test/consumer.js';
import { RawConnection } from '../../../libs/delivery/test/raw-connection.js';
import { expectBalanceAtRest, readAccount } from './accounting.js';
import { eventually } from './eventually.js';
import { channel, channelOf, createRoute, inMemoryProvisioner, subscription, withSpec } from './objects.js';
import { eventHeaders, postBatch, postEvent, send, structuredEvent } from './producer.js';
import { startSeparateProcesses, startStandalone, type Stack } from './stack.js';

const MAX_EVENT_BYTES = 1_048_576;

/** A home with the Channel `orders`, whose events `good` gets. */
interface Home {
  readonly stack: Stack;
  readonly good: Consumer;
  /** Connections whose requests have been coming in drop by drop since the start. */
  readonly slow: Readonly<Record<'headers' | 'body', RawConnection>>;
}

const STARTS = { 'separate processes': startSeparateProcesses, standalone: startStandalone };
const NAMES = ['separate processes', 'standalone'] as const;
const homes = {} as Record<(typeof NAMES)[number], Home>;
/** Consumers of single tests. */
const consumers: Consumer[] = [];

beforeAll(async () => {
  await Promise.all(
    NAMES.map(async (name) => {
      homes[name] = await openHome(await STARTS[name]());
    }),
  );
}, 120_000);

afterAll(async () => {
  for (const { stack, good, slow } of Object.values(homes)) {
    slow.headers[Symbol.dispose]();
    slow.body[Symbol.dispose]();
    await stack.stop();
    await good[Symbol.asyncDispose]();
  }
  for (const consumer of consumers) await consumer[Symbol.asyncDispose]();
});

async function openHome(stack: Stack): Promise<Home> {
  const good = await Consumer.start(status(200));
  await createRoute(stack.client, channel('orders'), [subscription('good', 'orders', good.origin)]);
  const slow = { headers: await RawConnection.open(portOf(stack)), body: await RawConnection.open(portOf(stack)) };
  slow.headers.send(`POST /default/orders HTTP/1.1\r\n${RAW_EVENT}`);
  slow.body.send(`POST /default/orders HTTP/1.1\r\n${RAW_EVENT}Content-Length: 100\r\n\r\n{`);
  return { stack, good, slow };
}

async function consumerThat(...behaviours: Behaviour[]): Promise<Consumer> {
  const consumer = await Consumer.start(...behaviours);
  consumers.push(consumer);
  return consumer;
}

describe.each(NAMES)('what a producer does wrong, with %s', (name) => {
  let stack: Stack;
  let good: Consumer;
  let orders: string;

  beforeAll(() => {
    ({ stack, good } = homes[name]);
    orders = `${stack.ingress}/default/orders`;
  });

  /** Everything that was taken in before has arrived once this has. */
  const goodGets = (id: string) => eventually(`${id} has arrived`, () => idsAt(good).includes(id) || undefined);

  it('gets 404 for a Channel that does not exist, with the place where it was looked for', async () => {
    const byPath = await postEvent(`${stack.ingress}/default/nobody`, 'lost');
    expect([byPath.status, byPath.text]).toEqual([404, 'There is no Channel default/nobody\n']);

    for (const host of ['nobody.default.channels.cluster.local', 'nobody-channel-abcde.default.svc.cluster.local']) {
      const byHost = await send(stack.ingress, { headers: { ...eventHeaders('lost'), host } });
      expect(byHost.status).toBe(404);
      expect(byHost.text).toContain('nobody');
    }

    const swapped = await postEvent(`${stack.ingress}/orders/default`, 'lost');
    expect([swapped.status, swapped.text]).toEqual([404, expect.stringContaining('did you mean /default/orders?')]);
    expect((await postEvent(`${stack.ingress}/`, 'lost')).status).toBe(404);
    expect((await postEvent(`${stack.ingress}/default/orders/more`, 'lost')).status).toBe(404);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])(
    'gets 405 for %s, with the methods that there are',
    async (method) => {
      const answer = await send(orders, { method, headers: eventHeaders('wrong-method') });

      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('POST, OPTIONS');
      if (method !== 'HEAD') expect(answer.text).toContain('POST');
    },
  );

  it('gets 400 that says what is missing or wrong', async () => {
    const plain = await send(orders, { headers: { 'content-type': 'application/json' }, body: '{"no":"event"}' });
    expect(plain.status).toBe(400);
    expect(plain.text).toMatch(/CloudEvent/);

    const faults: [string, Record<string, string>][] = [
      ['type', { 'ce-type': '' }],
      ['specversion', { 'ce-specversion': '7.0' }],
      ['time', { 'ce-time': 'yesterday' }],
    ];
    for (const [attribute, headers] of faults) {
      const answer = await send(orders, { headers: { ...eventHeaders('wrong'), ...headers } });
      expect([attribute, answer.status, answer.text]).toEqual([attribute, 400, expect.stringContaining(attribute)]);
    }

    const headers = { 'content-type': 'application/cloudevents+json' };
    expect((await send(orders, { headers, body: '{"specversion":' })).status).toBe(400);
    const incomplete = await send(orders, { headers, body: '{"specversion":"1.0","id":"wrong","type":"t"}' });
    expect([incomplete.status, incomplete.text]).toEqual([400, expect.stringContaining('source')]);
  });

  it('gets 413 with the limit, announced or not, and the largest event is taken', async () => {
    const tooLarge = Buffer.alloc(MAX_EVENT_BYTES + 1, 'x');
    for (const body of [tooLarge, [tooLarge.subarray(1), tooLarge.subarray(0, 1)]]) {
      const answer = await send(orders, { headers: eventHeaders('too-large'), body });
      expect([answer.status, answer.text]).toEqual([413, expect.stringContaining(`${MAX_EVENT_BYTES} bytes`)]);
    }

    expect((await postEvent(orders, 'largest', tooLarge.subarray(1))).status).toBe(202);
    await goodGets('largest');
  });

  it('gets 400 for a batch with one bad event, and none of it is delivered', async () => {
    const { source: _source, ...bad } = structuredEvent('in-bad-batch');
    const answer = await postBatch(orders, [structuredEvent('in-bad-batch'), bad, structuredEvent('in-bad-batch')]);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('source')]);

    expect((await postBatch(orders, [structuredEvent('b-1'), structuredEvent('b-2')])).status).toBe(202);
    await eventually('the good batch has arrived', () => bodiesAt(good).includes('"b-2"') || undefined);
    expect(bodiesAt(good)).toContain('"b-1"');
    expect(bodiesAt(good)).not.toContain('in-bad-batch');
  });

  it('gets 429 with Retry-After while one subscriber has no room, and nobody gets the event', async () => {
    const held: (() => void)[] = [];
    const stuck = await consumerThat((response) => held.push(() => response.writeHead(200).end()));
    const fast = await consumerThat(status(200));
    const small = `${stack.ingress}/default/small`;
    await stack.client.create(CLUSTER_CHANNEL_PROVISIONER, inMemoryProvisioner('small', { maxQueuedEvents: 3 }));
    await createRoute(stack.client, channelOf('small', 'small'), [
      subscription('stuck', 'small', stuck.origin),
      subscription('fast', 'small', fast.origin),
    ]);

    expect((await postEvent(small, 's-1')).status).toBe(202);
    expect((await postEvent(small, 's-2')).status).toBe(202);
    const partly = await postBatch(small, [structuredEvent('s-3'), structuredEvent('s-4')]);
    expect([partly.status, partly.text]).toEqual([503, expect.stringContaining('1 of the 2 events')]);
    expect(Number(partly.headers['retry-after'])).toBeGreaterThanOrEqual(1);

    const full = await postEvent(small, 's-5');
    expect([full.status, full.text]).toEqual([429, expect.stringContaining('maxQueuedEvents')]);
    expect(full.text).toContain('stuck');
    expect(Number(full.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await postBatch(small, [structuredEvent('s-6'), structuredEvent('s-7')])).status).toBe(429);

    await fast.received(3);
    expect(await readAccount(stack.apps, 'fast')).toMatchObject({ claimed: 3, store: { accepted: 3 } });
    expect((await readAccount(stack.apps, 'stuck')).store).toMatchObject({ accepted: 3, pending: 3 });
    stuck.behaviours = [status(200)];
    for (const release of held) release();
    await eventually('there is room again', async () =>
      (await postEvent(small, 's-8')).status === 202 ? true : undefined,
    );
    await eventually('both have it', () => [stuck, fast].every((each) => idsAt(each).includes('s-8')) || undefined);
    expect(bodiesAt(fast)).not.toMatch(/"s-[4-7]"/);
  });

  it('gets 431 for headers that are too large, and the connection is closed', async () => {
    for (const bomb of [`ce-bomb: ${'x'.repeat(20_000)}\r\n`, 'a: 1\r\n'.repeat(20_000)]) {
      using connection = await RawConnection.open(portOf(stack));
      connection.send(`POST /default/orders HTTP/1.1\r\n${RAW_EVENT}${bomb}Content-Length: 0\r\n\r\n`);
      expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 431 /);
    }
  });

  it('gets 202 for headers up to that size, and nothing but 431 beyond', async () => {
    const statuses: number[] = [];
    for (let bytes = 16_000; statuses.at(-1) !== 431; bytes += 16) {
      const headers = { ...eventHeaders(`header-${bytes}`), 'ce-big': 'x'.repeat(bytes) };
      statuses.push((await send(orders, { headers })).status);
    }

    expect(statuses.length).toBeGreaterThan(1);
    expect(new Set(statuses)).toEqual(new Set([202, 431]));
  });

  it.each([
    ['both lengths', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['both lengths, the other way round', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 7\r\n\r\n'],
    ['two lengths in one', 'Content-Length: 0, 7\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +0\r\n\r\n'],
    ['an obscured encoding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunked that is not last', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a chunk size that is no number', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk size that is too small', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk size beyond all numbers', 'Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
    ['a bare line feed after a chunk size', 'Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n'],
  ])('cannot smuggle a request in with %s', async (_, rest) => {
    const smuggled = `POST /default/orders HTTP/1.1\r\n${RAW_EVENT}ce-id: smuggled\r\nContent-Length: 2\r\n\r\n{}`;
    using connection = await RawConnection.open(portOf(stack));
    connection.send(`POST /default/orders HTTP/1.1\r\n${RAW_EVENT}ce-id: carrier\r\n${rest}${smuggled}`);

    const answers = await connection.untilClosed();

    expect(statusLines(answers)).toEqual(['HTTP/1.1 400 Bad Request']);
    await postEvent(orders, 'after-smuggling');
    await goodGets('after-smuggling');
    expect(idsAt(good)).not.toContain('smuggled');
    expect(idsAt(good)).not.toContain('carrier');
  });

  it('may send one request behind the other on a connection, a refused one among them', async () => {
    using connection = await RawConnection.open(portOf(stack));
    const post = (path: string, id: string, body: string) =>
      `POST ${path} HTTP/1.1\r\n${RAW_EVENT}ce-id: ${id}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    connection.send(post('/default/orders', 'pipe-1', 'POST / HTTP/1.1\r\n\r\n'));
    connection.send(post('/default/nobody', 'pipe-2', '{}') + post('/default/orders', 'pipe-3', '{}'));

    await eventually('all are answered', () => statusLines(connection.received).length === 3 || undefined);
    expect(statusLines(connection.received).map((line) => line.split(' ')[1])).toEqual(['202', '404', '202']);
    await goodGets('pipe-1');
    await goodGets('pipe-3');
    expect(idsAt(good)).not.toContain('pipe-2');
  });
});

describe.each(NAMES)('what a subscriber does wrong, with %s', (name) => {
  const EVENTS = 20;
  const delivery = { retry: 1, backoffDelay: 'PT0.05S', timeout: 'PT0.5S' };

  it('costs bounded time and memory, and holds up nobody else', async () => {
    const { stack } = homes[name];
    const elsewhere = await consumerThat(status(200));
    const flood = countingBytes(endless(200));
    const wrong: Record<string, [Consumer, result: string, attempts: number]> = {
      silent: [await consumerThat(hang), 'timeout', 2],
      resetting: [await consumerThat(reset), 'connection-failed', 2],
      redirecting: [await consumerThat(status(302, { location: elsewhere.origin })), '302', 1],
      flooding: [await consumerThat(flood.behaviour), 'response-too-large', 2],
      dripping: [await consumerThat(drip), 'timeout', 2],
    };
    const fine = await consumerThat(status(200));
    await createRoute(stack.client, channel('rough'), [
      // Only where a reply is wanted, its body is read.
      ...Object.entries(wrong).map(([sub, [consumer]]) =>
        withSpec(subscription(sub, 'rough', consumer.origin, delivery), { reply: { uri: elsewhere.origin } }),
      ),
      subscription('fine', 'rough', fine.origin, delivery),
    ]);

    for (let i = 0; i < EVENTS; i += 1) {
      expect((await postEvent(`${stack.ingress}/default/rough`, `r-${i}`)).status).toBe(202);
    }

    await fine.received(EVENTS);
    expect(new Set(idsAt(fine)).size).toBe(EVENTS);
    for (const [sub, [, result, attempts]] of Object.entries(wrong)) {
      const account = await eventually(`${sub} is done with`, async () => {
        const now = await readAccount(stack.apps, sub);
        return now.claimed === EVENTS && now.inFlight === 0 ? now : undefined;
      });
      expect({ sub, attempts: account.attempts, delivered: account.settled['delivered'] }).toEqual({
        sub,
        attempts: { [result]: EVENTS * attempts },
        delivered: 0,
      });
    }
    expect(elsewhere.requests).toEqual([]);
    // What is read is 1 MiB; the rest is on its way in the buffers of the two ends.
    expect(flood.bytes() / (2 * EVENTS)).toBeLessThan(8 * 1024 * 1024);
  });
});

describe.each(NAMES)('what a manifest gets wrong, with %s', (name) => {
  let stack: Stack;
  beforeAll(() => ({ stack } = homes[name]));

  const refusal = async (write: Promise<unknown>) => {
    const error: unknown = await write.then(
      () => 'it was taken',
      (reason: unknown) => reason,
    );
    if (!(error instanceof KubeApiError)) throw new Error(`no refusal of the API: ${String(error)}`);
    const causes = (error.status.details?.causes ?? []).map(({ field }) => field);
    return { code: error.code, reason: error.reason, message: error.message, causes };
  };

  const createRaw = (resource: string, body: string, query = '') =>
    send(`${apiOf(stack)}/apis/eventing.knative.dev/v1alpha1/namespaces/default/${resource}${query}`, {
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('is told of fields that do not exist: a warning as a rule, a refusal where kubectl asks for one', async () => {
    const object = { ...channel('typo'), spec: { provisoner: { name: 'in-memory' } } };
    const strict = await createRaw('channels', JSON.stringify(object), '?fieldValidation=Strict');
    expect(strict.status).toBe(400);
    expect(strict.text).toContain('spec.provisoner');

    const warned = await createRaw('channels', JSON.stringify(object), '?fieldValidation=Warn');
    expect(warned.status).toBe(201);
    expect(warned.headers.warning).toContain('spec.provisoner');
  });

  it('is refused with each field that has the wrong type', async () => {
    const object = { ...channel('wrong-types'), spec: { provisioner: 'in-memory', delivery: { retry: 'often' } } };
    const { code, reason, causes } = await refusal(stack.client.create(CHANNEL, object as never));

    expect([code, reason]).toEqual([422, 'Invalid']);
    expect(causes.sort()).toEqual(['spec.delivery.retry', 'spec.provisioner']);
    expect((await createRaw('channels', '{"apiVersion":')).status).toBe(400);
  });

  it('is refused with what would be right', async () => {
    const cases: [KubeObject, string, RegExp][] = [
      [channel('Not_A_Label'), 'metadata.name', /DNS|lower/i],
      [channel('d', { delivery: { backoffDelay: 'soon' } }), 'spec.delivery.backoffDelay', /ISO 8601|PT/],
      [subscription('u', 'orders', 'not a url'), 'spec.subscriber.uri', /http/],
      [{ ...subscription('n', 'orders', 'http://x/'), spec: {} }, 'spec.channel', /Channel/],
      [crossNamespace(), 'spec.channel.namespace', /namespace/],
    ];
    for (const [object, field, advice] of cases) {
      const kind = object.kind === 'Channel' ? CHANNEL : SUBSCRIPTION;
      const { code, causes, message } = await refusal(stack.client.create(kind, object));
      expect({ field, code, causes }).toEqual({ field, code: 422, causes: expect.arrayContaining([field]) });
      expect(message).toMatch(advice);
    }
  });

  it('cannot change what stays, and is told what to do instead', async () => {
    const patch = (kind: typeof CHANNEL | typeof SUBSCRIPTION, object: string, spec: unknown) =>
      refusal(
        stack.client.patch(kind, { namespace: 'default', name: object }, 'application/merge-patch+json', {
          spec,
        }),
      );

    const provisioner = await patch(CHANNEL, 'orders', { provisioner: { name: 'in-memory-channel' } });
    expect([provisioner.code, provisioner.causes]).toEqual([422, [expect.stringContaining('spec.provisioner')]]);
    expect(provisioner.message).toMatch(/immutable; create another Channel/);

    const channelOfSubscription = await patch(SUBSCRIPTION, 'good', { channel: { name: 'rough' } });
    expect([channelOfSubscription.code, channelOfSubscription.causes]).toEqual([
      422,
      [expect.stringContaining('spec.channel')],
    ]);
    expect(channelOfSubscription.message).toMatch(/immutable; delete the Subscription and create it again/);
  });

  it('that names what does not exist is kept, and its condition says what to do', async () => {
    await stack.client.create(CHANNEL, channelOf('nope', 'nowhere'));
    const nowhere = await falseCondition(CHANNEL, 'nowhere', 'Provisioned');
    expect(nowhere).toMatchObject({ reason: 'ProvisionerNotFound' });
    expect(nowhere.message).toMatch(/"nope".*in-memory.*create/is);
    const refused = await postEvent(`${stack.ingress}/default/nowhere`, 'too-early');
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('"nope"')]);

    await stack.client.create(SUBSCRIPTION, subscription('early', 'no-such-channel', 'http://127.0.0.1:9/'));
    expect((await falseCondition(SUBSCRIPTION, 'early', 'Ready')).message).toMatch(/"no-such-channel".*Create it/s);

    const ref = { apiVersion: 'v1', kind: 'Service', name: 'no-such-service' };
    const toNobody = subscription('to-nobody', 'orders', '');
    await stack.client.create(SUBSCRIPTION, { ...toNobody, spec: { ...toNobody.spec, subscriber: { ref } } });
    expect((await falseCondition(SUBSCRIPTION, 'to-nobody', 'Resolved')).message).toContain('no-such-service');
  });

  it('with arguments or parameters that the driver does not have gets a condition that names them', async () => {
    await stack.client.create(CHANNEL, channel('argued', { arguments: { partitions: 3 } }));
    const argued = await falseCondition(CHANNEL, 'argued', 'Provisioned');
    expect([argued.reason, argued.message]).toEqual(['InvalidArguments', expect.stringContaining('partitions')]);

    await stack.client.create(CLUSTER_CHANNEL_PROVISIONER, inMemoryProvisioner('wrong', { maxQueuedEvents: 'many' }));
    const wrong = await falseCondition(CLUSTER_CHANNEL_PROVISIONER, 'wrong', 'Ready');
    expect([wrong.reason, wrong.message]).toEqual([
      'InvalidParameters',
      expect.stringContaining('spec.parameters.maxQueuedEvents'),
    ]);
  });

  const falseCondition = (
    kind: typeof CHANNEL | typeof SUBSCRIPTION | typeof CLUSTER_CHANNEL_PROVISIONER,
    object: string,
    type: string,
  ) =>
    eventually(`${kind.kind} ${object} is not ${type}`, async () => {
      const key = kind.namespaced ? { namespace: 'default', name: object } : { name: object };
      const found = await stack.client.get(kind, key);
      return found?.status?.conditions?.find((condition) => condition.type === type && condition.status === 'False');
    });
});

describe.each(NAMES)('in the end, with %s', (name) => {
  it('a producer that is too slow has been cut off with 408', async () => {
    const { slow } = homes[name];
    expect(await slow.headers.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(await slow.body.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('every event that was accepted is accounted for', async () => {
    await expectBalanceAtRest(homes[name].stack.apps);
  });

  it('a producer gets 503 while the process shuts down, and what it had begun to send is answered', async () => {
    const { stack } = homes[name];
    const front = stack.apps.find(({ ports }) => ports['ingress'] !== undefined)!;
    using begun = await RawConnection.open(portOf(stack));
    begun.send(`POST /default/orders HTTP/1.1\r\n${RAW_EVENT}ce-id: begun\r\nContent-Length: 2\r\n\r\n{`);
    await eventually('it is under way', async () => {
      const metrics = await (await fetch(`${front.management}/metrics`)).text();
      return /^millrace_intake_requests_in_flight\{intake="ingress"\} 1$/m.test(metrics) || undefined;
    });
    const ended = front.end('SIGTERM');

    const refused = await eventually('it takes nothing more', async () => {
      const answer = await postEvent(`${stack.ingress}/default/orders`, 'late');
      return answer.status === 202 ? undefined : answer;
    });
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('shutting down')]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(refused.headers.connection).toBe('close');

    begun.send('}');
    expect(await begun.untilClosed()).toMatch(/^HTTP\/1\.1 (202|503) /);
    expect(await ended).toBe(0);
  });
});

/** The start of a raw request: it has everything but an id and a length. */
const RAW_EVENT = 'Host: ingress\r\nce-specversion: 1.0\r\nce-source: /suite\r\nce-type: suite.event\r\n';

function portOf({ ingress }: Stack): number {
  return Number(new URL(ingress).port);
}

function apiOf({ apps }: Stack): string {
  return `http://127.0.0.1:${apps.find(({ ports }) => ports['api'] !== undefined)?.ports['api'] ?? 0}`;
}

function idsAt(consumer: Consumer): (string | undefined)[] {
  return consumer.requests.map(({ headers }) => headers['ce-id'] as string | undefined);
}

function bodiesAt(consumer: Consumer): string {
  return consumer.requests
    .filter(({ body }) => body.length < 10_000)
    .map(({ body }) => body.toString())
    .join('\n');
}

function statusLines(text: string): string[] {
  return text.match(/^HTTP\/1\.1 \d+ .*(?=\r)/gm) ?? [];
}

function crossNamespace(): KubeObject {
  const object = subscription('across', 'orders', 'http://127.0.0.1:9/');
  return {
    ...object,
    spec: { ...object.spec, channel: { ...object.spec?.channel, namespace: 'other' } },
  };
}

/** A byte now and then, for ever. */
const drip: Behaviour = (response) => {
  response.writeHead(200);
  const drops = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(drops));
};

/** Counts what has gone out through the connections of a consumer. */
function countingBytes(behaviour: Behaviour): { behaviour: Behaviour; bytes: () => number } {
  let bytes = 0;
  return {
    behaviour: (response, request) => {
      const { socket } = response;
      const before = socket?.bytesWritten ?? 0;
      response.on('close', () => (bytes += (socket?.bytesWritten ?? 0) - before));
      behaviour(response, request);
    },
    bytes: () => bytes,
  };
}
