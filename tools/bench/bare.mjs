// The client of a broker without Millrace: node bare.mjs CLIENT SERVERS MANNER EDGE. CLIENT = a file bare-CLIENT.mjs here. EDGE = `loop`: events are made and end in this
// process, so many under way; or `http`: a POST becomes a message and a message becomes a POST, each acknowledged by the other side first, as Millrace must do.
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { percentiles } from './percentiles.mjs';

const ATTRIBUTES = [
  ...['ce-specversion', '1.0', 'ce-source', '/bench', 'ce-type', 'bench.event'],
  ...['ce-time', '2026-01-01T00:00:00Z', 'content-type', 'application/json'],
];
/** 1 KB of JSON, as load.mjs sends it. */
const BODY = Buffer.from(JSON.stringify({ text: 'x'.repeat(1024 - 11) }));

/** So many events under way, each followed by the next when it has been consumed. */
class ClosedLoop {
  pending = new Map();
  latencies = [];
  done = 0;
  sequence = 0;

  /** An event has come back; its headers as a flat list of names and values. */
  deliver(headers) {
    const id = headers[headers.indexOf('ce-id') + 1];
    const sentAt = this.pending.get(id);
    if (sentAt === undefined) return;
    this.pending.delete(id);
    this.latencies.push(performance.now() - sentAt);
    this.done += 1;
    this.next();
  }

  next() {
    if (this.thinkMs === 0) {
      this.send();
      return;
    }
    // A pause that outlasts its measurement must not send in the next one.
    const measured = this.pending;
    setTimeout(() => measured === this.pending && this.send(), Math.random() * 2 * this.thinkMs);
  }

  send() {
    if (this.over) return;
    this.sequence += 1;
    const id = `${process.pid}-${this.sequence}`;
    this.pending.set(id, performance.now());
    void this.publish(['ce-id', id, ...ATTRIBUTES], BODY);
  }

  async run({ connections, seconds, thinkMs = 0 }) {
    Object.assign(this, { thinkMs, latencies: [], done: 0, over: false, pending: new Map() });
    const startedAt = performance.now();
    for (let i = 0; i < connections; i += 1) this.next();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    this.over = true;
    const elapsed = (performance.now() - startedAt) / 1000;
    return { events: this.done, seconds: elapsed, refused: 0, errors: [], ...percentiles(this.latencies) };
  }

  /** Answers the requests of the benchmark until it ends. */
  serve() {
    process.on('message', async (request) => process.send({ result: await this.run(request) }));
    process.send({ port: 0 });
  }
}

/** What somebody would write who needs no more than this: no validation, no retries, no order, no limits. */
class HttpEdges {
  constructor(target) {
    this.target = new URL(target);
    this.pool = new Pool(this.target.origin, { connections: 64, pipelining: 1 });
  }

  /** Resolves when the consumer has answered. */
  deliver(headers, body) {
    return new Promise((resolve) => {
      this.pool.dispatch(
        { path: this.target.pathname, method: 'POST', headers, body },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd: resolve,
          onResponseError: resolve,
        },
      );
    });
  }

  receive(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      await this.publish(kept(request.rawHeaders), chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      response.writeHead(202, { 'content-length': 0 }).end();
    });
  }

  serve() {
    const server = createServer((request, response) => this.receive(request, response));
    server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  }
}

function kept(rawHeaders) {
  const headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (name.startsWith('ce-') || name === 'content-type') headers.push(name, rawHeaders[i + 1]);
  }
  return headers;
}

const [client, servers, manner, edge] = process.argv.slice(2);
const edges = edge === 'loop' ? new ClosedLoop() : new HttpEdges(edge);
const { open } = await import(`./bare-${client}.mjs`);
edges.publish = await open(servers.split(','), manner, (headers, body) => edges.deliver(headers, body));
edges.serve();
process.on('disconnect', () => process.exit(0));
