import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import { RawConnection } from '../../test/raw-connection.js';
import type { IntakeRequest, IntakeResult } from './channel-intake.types.js';
import { IntakeServer, type IntakeServerOptions } from './intake-server.js';

const EVENT = { 'ce-specversion': '1.0', 'ce-id': 'A1', 'ce-source': '/s', 'ce-type': 't' };
const RAW_EVENT = 'Host: h\r\nce-specversion: 1.0\r\nce-id: A1\r\nce-source: /s\r\nce-type: t\r\n';
const LIMITS = {
  maxEventBytes: 1000,
  maxHeaderBytes: 16 * 1024,
  maxBytesInFlight: 3000,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
};

let stack: AsyncDisposableStack;
let accepted: IntakeRequest[];
let result: () => Promise<IntakeResult>;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  accepted = [];
  result = () => Promise.resolve({ outcome: 'accepted' });
});
afterEach(() => stack.disposeAsync());

async function startIntake(
  options: Partial<IntakeServerOptions> = {},
): Promise<{ server: IntakeServer; port: number; url: string }> {
  const server = new IntakeServer({
    name: 'intake',
    host: '127.0.0.1',
    port: 0,
    limits: LIMITS,
    locate: (host, path) =>
      path.startsWith('/ns/')
        ? { namespace: 'ns', name: path.slice(4) }
        : host === 'ch.ns:80'
          ? { namespace: 'ns', name: 'ch' }
          : undefined,
    intake: {
      accept: (taken) => {
        accepted.push(taken);
        return result();
      },
    },
    clock: systemClock,
    logger: silentLogger,
    ...options,
  });
  await server.start();
  stack.defer(() => server.close());
  const port = server.ports()['intake']!;
  return { server, port, url: `http://127.0.0.1:${port}/ns/ch` };
}

async function post(url: string, options: Parameters<typeof request>[1] = {}) {
  const response = await request(url, { method: 'POST', headers: EVENT, body: 'data', ...options });
  return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
}

describe('an intake', () => {
  it('takes an event with an empty 202', async () => {
    const { url, server } = await startIntake();
    expect(await post(url, { body: Buffer.from([0, 255]) })).toMatchObject({
      status: 202,
      text: '',
      headers: { 'content-length': '0' },
    });
    expect(accepted).toMatchObject([
      {
        channel: { namespace: 'ns', name: 'ch' },
        events: [{ id: 'A1', transport: { hops: 1 } }],
        body: Buffer.from([0, 255]),
      },
    ]);
    expect(accepted[0]!.rawHeaders).toContain('ce-id');
    expect(server.counters).toMatchObject({ events: 1, requestsInFlight: 0, bytesInFlight: 0 });
  });

  it('takes an event without data', async () => {
    const { url } = await startIntake();
    expect((await post(url, { body: null })).status).toBe(202);
    expect(accepted[0]!.body.length).toBe(0);
  });

  it('finds the Channel by host, in any case, and ignores the query', async () => {
    const { port } = await startIntake();
    expect((await post(`http://127.0.0.1:${port}/?x=1`, { headers: { ...EVENT, host: 'CH.ns:80' } })).status).toBe(202);
    expect((await post(`http://127.0.0.1:${port}/ns/other?x=1`)).status).toBe(202);
    expect(accepted.map(({ channel }) => channel.name)).toEqual(['ch', 'other']);
  });

  it('finds the Channel by a request target in absolute form', async () => {
    const { port } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(
      `POST http://elsewhere/ns/abs HTTP/1.1\r\n${RAW_EVENT}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 202 /);
    expect(accepted[0]!.channel.name).toBe('abs');
  });

  it('passes on the UID that the ingress saw', async () => {
    const { url } = await startIntake();
    await post(url, { headers: { ...EVENT, 'millrace-channel-uid': 'u-1' } });
    expect(accepted[0]!.channel).toEqual({ namespace: 'ns', name: 'ch', uid: 'u-1' });
  });

  it('takes a batch as its events, and an empty one too', async () => {
    const { url } = await startIntake();
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const member = '{"specversion":"1.0","id":"1","source":"/s","type":"t"}';
    expect((await post(url, { headers, body: `[${member},${member}]` })).status).toBe(202);
    expect((await post(url, { headers, body: '[]' })).status).toBe(202);
    expect(accepted.map(({ events }) => events.length)).toEqual([2, 0]);
  });

  it('answers OPTIONS with what it takes', async () => {
    const { url } = await startIntake();
    expect(await post(url, { method: 'OPTIONS', body: null })).toMatchObject({
      status: 200,
      headers: { allow: 'POST, OPTIONS', 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' },
    });
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'] as const)('refuses %s', async (method) => {
    const { url } = await startIntake();
    expect(await post(url, { method, body: null })).toMatchObject({ status: 405, headers: { allow: 'POST, OPTIONS' } });
    expect(accepted).toEqual([]);
  });

  it('ignores the offer of another protocol', async () => {
    const { port } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(
      `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 2\r\n\r\nhi`,
    );
    await expect.poll(() => connection.received).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('names host and path of a Channel that it does not know', async () => {
    const { port } = await startIntake();
    const { status, text, headers } = await post(`http://127.0.0.1:${port}/nowhere`);
    expect(status).toBe(404);
    expect(text).toBe(`No Channel is at host "127.0.0.1:${port}", path "/nowhere".\n`);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('names the attribute that is wrong', async () => {
    const { url } = await startIntake();
    const { status, text } = await post(url, { headers: { ...EVENT, 'ce-source': '' } });
    expect(status).toBe(400);
    expect(text).toContain('"source" is empty');
  });

  it('says what it expects of a request that is no CloudEvent', async () => {
    const { url } = await startIntake();
    const { status, text } = await post(url, { headers: { 'content-type': 'text/plain' } });
    expect(status).toBe(400);
    expect(text).toContain('ce-specversion');
    expect(text).toContain('application/cloudevents+json');
  });

  it.each([
    ['not-found', 404, undefined],
    ['invalid', 400, undefined],
    ['too-large', 413, undefined],
    ['full', 429, '3'],
    ['unavailable', 503, '3'],
    ['forbidden', 503, '3'],
    ['timeout', 503, '3'],
    ['not-delivered', 500, undefined],
  ] as const)('answers %s with %i', async (code, expected, retryAfter) => {
    result = () => Promise.resolve({ outcome: 'rejected', code, message: 'Because.', retryAfterMs: 2100 });
    const { url } = await startIntake();
    const { status, text, headers } = await post(url);
    expect(status).toBe(expected);
    expect(text).toBe('Because.\n');
    expect(headers['retry-after']).toBe(retryAfter);
  });

  it('names a second to come again where nobody knows better', async () => {
    result = () => Promise.resolve({ outcome: 'rejected', code: 'full', message: 'Full.' });
    const { url } = await startIntake();
    expect((await post(url)).headers['retry-after']).toBe('1');
  });

  it('answers a fault of its own with 500 and goes on', async () => {
    result = () => Promise.reject(new Error('bug'));
    const { url, server } = await startIntake();
    expect((await post(url)).status).toBe(500);
    result = () => Promise.resolve({ outcome: 'accepted' });
    expect((await post(url)).status).toBe(202);
    expect(server.counters).toMatchObject({ requestsInFlight: 0, bytesInFlight: 0 });
  });

  it('cannot start on a port that is taken', async () => {
    const { port } = await startIntake();
    await expect(startIntake({ port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the size of a request', () => {
  it('is limited, whether it is announced or not', async () => {
    const { url, server } = await startIntake();
    const chunks = Readable.from(Array.from({ length: 11 }, () => Buffer.alloc(100)));
    const announced = await post(url, { body: Buffer.alloc(1001) });
    const streamed = await post(url, { body: chunks });
    for (const { status, text } of [announced, streamed]) {
      expect(status).toBe(413);
      expect(text).toContain('1000 bytes');
    }
    expect((await post(url, { body: Buffer.alloc(1000) })).status).toBe(202);
    expect(accepted.length).toBe(1);
    expect(server.counters).toMatchObject({ requestsInFlight: 0, bytesInFlight: 0 });
  });

  it('is refused before it is sent where the producer asks first', async () => {
    const { port } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n`);
    await expect.poll(() => connection.received).toMatch(/^HTTP\/1\.1 413 /);
    using other = await RawConnection.open(port);
    other.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    await expect.poll(() => other.received).toMatch(/^HTTP\/1\.1 100 Continue/);
    other.send('hi');
    await expect.poll(() => other.received).toMatch(/HTTP\/1\.1 202 /);
  });

  it('counts against what all requests may hold at one time', async () => {
    const held: ((value: IntakeResult) => void)[] = [];
    result = () => new Promise((resolve) => held.push(resolve));
    const { url, server } = await startIntake();
    const waiting = [
      post(url, { body: Buffer.alloc(1000) }),
      post(url, { body: Buffer.alloc(1000) }),
      post(url, { body: Buffer.alloc(1000) }),
    ];
    await expect.poll(() => held.length).toBe(3);
    expect(server.counters.bytesInFlight).toBe(3000);
    expect(await post(url)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    for (const resolve of held) resolve({ outcome: 'accepted' });
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(server.counters.bytesInFlight).toBe(0);
  });

  it('is given back when a producer goes away in the middle', async () => {
    const { port, server } = await startIntake();
    {
      using connection = await RawConnection.open(port);
      connection.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 500\r\n\r\n${'x'.repeat(400)}`);
      await expect.poll(() => server.counters.bytesInFlight).toBe(400);
    }
    await expect.poll(() => server.counters).toMatchObject({ bytesInFlight: 0, requestsInFlight: 0, abandoned: 1 });
  });
});

describe('what is no request', () => {
  const chunked = 'Transfer-Encoding: chunked\r\n';
  it.each([
    ['both lengths', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 5\r\n${chunked}\r\n0\r\n\r\n`],
    ['two lengths', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc`],
    ['a length that is no number', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: +2\r\n\r\nab`],
    ['an obscured chunked', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a bad chunk size', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}${chunked}\r\nzz\r\nab\r\n0\r\n\r\n`],
    ['a space before a colon', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length : 2\r\n\r\nab`],
    ['a folded header', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}X-A: a\r\n b\r\nContent-Length : 0\r\n\r\n`],
    ['two hosts', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Host: other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`],
    ['no host', 'POST /ns/ch HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
    ['nonsense', 'hello there\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s is answered with 400 and the connection closed', async (_, text) => {
    const { port, server } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(text);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
    expect(accepted).toEqual([]);
    expect(server.counters).toMatchObject({ requestsInFlight: 0, bytesInFlight: 0 });
  });

  it.each([
    ['after', 'nonsense\r\n\r\n'],
    ['in the one after', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}${chunked}\r\nzz\r\n`],
    ['after the one after', 'GET /ns/ch HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n'],
  ])('%s a good request is not answered as if it were the good one', async (_, nonsense) => {
    let accept: (value: IntakeResult) => void = () => {};
    result = () => new Promise((resolve) => (accept = resolve));
    const { port, server } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 2\r\n\r\nhi`);
    await expect.poll(() => accepted.length).toBe(1);
    connection.send(nonsense);
    expect(await connection.untilClosed()).toBe('');
    accept({ outcome: 'accepted' });
    await expect.poll(() => server.counters.requestsInFlight).toBe(0);
  });

  it('with headers that are too large is answered with 431', async () => {
    const { port } = await startIntake();
    using connection = await RawConnection.open(port);
    connection.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}ce-big: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('with headers up to the limit of this intake is taken', async () => {
    const { port } = await startIntake({ limits: { ...LIMITS, maxHeaderBytes: 24_000 } });
    using connection = await RawConnection.open(port);
    const headers = `${RAW_EVENT}ce-big: ${'x'.repeat(20_000)}\r\nConnection: close\r\nContent-Length: 0\r\n`;
    connection.send(`POST /ns/ch HTTP/1.1\r\n${headers}\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('but only has very many headers loses none of them', async () => {
    const { port } = await startIntake();
    using connection = await RawConnection.open(port);
    const many = 'a:\r\n'.repeat(2500);
    connection.send(`POST /ns/ch HTTP/1.1\r\n${many}${RAW_EVENT}Connection: close\r\nContent-Length: 0\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 202 /);
  });

  it.each([
    ['headers', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}`],
    ['a body', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 500\r\n\r\nx`],
    ['chunks', `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}${chunked}\r\n1\r\nx\r\n`],
  ])('yet, because %s come in drop by drop, is cut off with 408', async (_, text) => {
    const { port, server } = await startIntake({ limits: { ...LIMITS, requestTimeoutMs: 300, headersTimeoutMs: 300 } });
    using connection = await RawConnection.open(port);
    connection.send(text);
    const drops = setInterval(() => connection.send('1'), 100);
    const answer = await connection.untilClosed();
    clearInterval(drops);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('in time');
    expect(accepted).toEqual([]);
    expect(server.counters).toMatchObject({ requestsInFlight: 0, bytesInFlight: 0 });
  });

  it('any more, because it was refused, may not be sent for ever', async () => {
    const { port } = await startIntake({ limits: { ...LIMITS, requestTimeoutMs: 300, headersTimeoutMs: 300 } });
    using connection = await RawConnection.open(port);
    connection.send(`POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 100000\r\n\r\n`);
    const drops = setInterval(() => connection.send('x'), 100);
    const answers = await connection.untilClosed();
    clearInterval(drops);
    expect(answers.match(/^HTTP\/1\.1 413 /)).not.toBeNull();
    expect(answers.match(/HTTP\/1\.1/g)!.length).toBe(1);
  });
});

describe('an intake that is not open', () => {
  it('answers 503 until it is ready', async () => {
    let ready = false;
    const { url, server } = await startIntake({ ready: () => ready });
    expect(await post(url)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(server.health()).toMatchObject({ status: 'down' });
    ready = true;
    expect((await post(url)).status).toBe(202);
    expect(server.health()).toEqual({ status: 'up' });
  });

  it('finishes what it has begun, answers the rest with 503, and closes its connections', async () => {
    let accept: (value: IntakeResult) => void = () => {};
    result = () => new Promise((resolve) => (accept = resolve));
    const { url, port, server } = await startIntake();
    const begun = post(url);
    await expect.poll(() => accepted.length).toBe(1);
    using idle = await RawConnection.open(port);
    idle.send(`OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n`);
    await expect.poll(() => idle.received).toContain('200 OK');
    await server.stopIntake();
    await idle.untilClosed();
    const late = await post(url);
    expect(late).toMatchObject({ status: 503, headers: { 'retry-after': '1', connection: 'close' } });
    let drained = false;
    const drain = server.drain(new AbortController().signal).then(() => (drained = true));
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    accept({ outcome: 'accepted' });
    expect(await begun).toMatchObject({ status: 202, headers: { connection: 'close' } });
    await drain;
    await server.close();
    await expect(post(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('waits no longer than it may', async () => {
    result = () => new Promise(() => {});
    const { url, server } = await startIntake();
    const begun = post(url);
    await expect.poll(() => accepted.length).toBe(1);
    await server.stopIntake();
    await server.drain(AbortSignal.timeout(20));
    await Promise.all([server.close(), expect(begun).rejects.toThrow()]);
    await server.close();
  });
});

it('reuses a connection after an answer of every kind', async () => {
  const { port, server } = await startIntake();
  using connection = await RawConnection.open(port);
  const requests = [
    `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 2\r\n\r\nhi`,
    `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Content-Length: 2000\r\n\r\n${'x'.repeat(2000)}`,
    `POST /nowhere HTTP/1.1\r\n${RAW_EVENT}Content-Length: 2\r\n\r\nhi`,
    `GET /ns/ch HTTP/1.1\r\nHost: h\r\n\r\n`,
    `POST /ns/ch HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi`,
    `POST /ns/ch HTTP/1.1\r\n${RAW_EVENT}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
  ];
  for (const [index, text] of requests.entries()) {
    connection.send(text);
    await expect.poll(() => connection.received.match(/HTTP\/1\.1 \d+ /g)?.length).toBe(index + 1);
  }
  expect(connection.received.match(/HTTP\/1\.1 (\d+)/g)).toEqual(
    ['202', '413', '404', '405', '400', '202'].map((code) => `HTTP/1.1 ${code}`),
  );
  expect([...server.counters.requestsByStatus]).toEqual([
    [202, 2],
    [413, 1],
    [404, 1],
    [405, 1],
    [400, 1],
  ]);
});

it('keeps many producers apart', async () => {
  result = () => new Promise((resolve) => setTimeout(() => resolve({ outcome: 'accepted' }), 5));
  const { url } = await startIntake({ limits: { ...LIMITS, maxBytesInFlight: 1_000_000 } });
  const statuses = await Promise.all(
    Array.from(
      { length: 200 },
      (_, index) =>
        new Promise<number>((resolve, reject) => {
          const sent = httpRequest(
            url,
            { method: 'POST', headers: { ...EVENT, 'ce-id': String(index) } },
            (response) => {
              response.resume();
              resolve(response.statusCode!);
            },
          );
          sent.on('error', reject);
          sent.end(`body ${index}`);
        }),
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([202]));
  for (const { events, body } of accepted) expect(body.toString()).toBe(`body ${events[0]!.id}`);
  expect(new Set(accepted.map(({ events }) => events[0]!.id)).size).toBe(200);
});
