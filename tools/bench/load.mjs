// Producer and consumers in one process, so that one clock measures from POST to receipt. An event is over when it has been answered with
// 202 and every consumer has received it; only then does its connection send the next one, so that nothing queues up.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const BODY = Buffer.from(JSON.stringify({ text: 'x'.repeat(1024 - 11) }));

const consumer = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    receipt(request.headers['ce-id']);
    response.writeHead(200).end();
  });
});
consumer.keepAliveTimeout = 60_000;

/** The measurement that is under way. */
let current;

function receipt(id) {
  const event = current?.pending.get(id);
  if (event === undefined) return;
  event.receipts += 1;
  if (event.receipts === 1) current.latencies.push(performance.now() - event.sentAt);
  event.finishIfOver();
}

class Measurement {
  pending = new Map();
  latencies = [];
  done = 0;
  refused = 0;
  errors = [];
  sequence = 0;

  constructor({ name, url, fanOut, connections, seconds, thinkMs = 0 }) {
    Object.assign(this, { name, fanOut, connections, seconds, thinkMs });
    this.target = new URL(url);
    this.pool = new Pool(this.target.origin, { connections, pipelining: 1 });
  }

  async run() {
    const startedAt = performance.now();
    for (let i = 0; i < this.connections; i += 1) this.next();
    await new Promise((resolve) => setTimeout(resolve, this.seconds * 1000));
    this.over = true;
    const elapsed = (performance.now() - startedAt) / 1000;
    const { done: events, refused, errors } = this;
    await this.pool.close().catch(() => {});
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
    return { events, seconds: elapsed, refused, errors: errors.slice(0, 3), p50: at(0.5), p99: at(0.99) };
  }

  /** The next event of a connection, at once or after a random pause. */
  next() {
    if (this.thinkMs === 0) this.send();
    else setTimeout(() => this.send(), Math.random() * 2 * this.thinkMs);
  }

  send() {
    if (this.over) return;
    const id = `${this.name}-${++this.sequence}`;
    const event = {
      sentAt: performance.now(),
      receipts: 0,
      accepted: false,
      finishIfOver: () => this.finishIfOver(id),
    };
    this.pending.set(id, event);
    this.pool.dispatch(
      { path: this.target.pathname, method: 'POST', headers: headersOf(id, this.target.host), body: BODY },
      {
        onRequestStart() {},
        onResponseStart: (_controller, status) => {
          if (status === 202) event.accepted = true;
          else this.refused += 1;
        },
        onResponseData() {},
        onResponseEnd: () => (event.accepted ? this.finishIfOver(id) : this.giveUp(id)),
        onResponseError: (_controller, error) => {
          this.errors.push(String(error));
          this.giveUp(id);
        },
      },
    );
  }

  finishIfOver(id) {
    const event = this.pending.get(id);
    if (event === undefined || !event.accepted || event.receipts < this.fanOut) return;
    this.pending.delete(id);
    this.done += 1;
    this.next();
  }

  giveUp(id) {
    this.pending.delete(id);
    this.next();
  }
}

function headersOf(id, host) {
  return [
    ...['ce-specversion', '1.0', 'ce-id', id, 'ce-source', '/bench', 'ce-type', 'bench.event'],
    ...['ce-time', '2026-01-01T00:00:00Z', 'content-type', 'application/json', 'host', host],
  ];
}

process.on('message', async (request) => {
  current = new Measurement(request);
  process.send({ result: await current.run() });
});
process.on('disconnect', () => process.exit(0));
consumer.listen(0, '127.0.0.1', () => process.send({ port: consumer.address().port }));
