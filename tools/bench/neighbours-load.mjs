// Producer at a fixed rate, or as fast as it goes, and its consumers, in one process, so that one clock measures. Paths of the consumer: /healthy/N answers at once, /slow/MS
// after MS milliseconds; /ordered checks that the sequence of each key never goes back, and answers one event in a hundred with 503.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentiles } from './percentiles.mjs';

const PRODUCERS = 64;

let current;

const consumer = createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    const [, kind, parameter] = request.url.split('/');
    if (kind === 'slow') await delay(Number(parameter));
    const status = kind === 'ordered' ? current.receiveOrdered(request) : 200;
    if (kind === 'healthy') current?.receive(request.headers['ce-id']);
    response.writeHead(status).end();
  });
});
consumer.keepAliveTimeout = 60_000;

class Run {
  sentAt = new Map();
  postLatencies = [];
  deliveryLatencies = [];
  lastOfKey = new Map();
  refusedOnce = new Set();
  disorder = 0;
  ordered = 0;
  refused = 0;
  posted = 0;

  /** @param rate events a second; absent = each of the producers sends its next event when the last one is answered */
  constructor({ name, url, rate, seconds, keys = 0 }) {
    Object.assign(this, { name, rate, seconds, keys });
    this.target = new URL(url);
    this.pool = new Pool(this.target.origin, { connections: PRODUCERS });
  }

  async run() {
    await (this.rate === undefined ? this.saturate() : this.keepRate());
    await this.untilQuiet();
    await this.pool.close();
    const { posted, refused, disorder, ordered } = this;
    return {
      ...{ posted, refused, disorder, ordered, deliveries: this.deliveryLatencies.length },
      ...{ post: percentiles(this.postLatencies), delivery: percentiles(this.deliveryLatencies) },
    };
  }

  async keepRate() {
    const startedAt = performance.now();
    const total = this.rate * this.seconds;
    const posts = [];
    for (let i = 0; i < total; i += 1) {
      const dueMs = startedAt + (i * 1000) / this.rate - performance.now();
      if (dueMs > 1) await delay(dueMs);
      posts.push(this.post(i, i % this.keys));
    }
    await Promise.all(posts);
  }

  /** Each producer has keys of its own, so that the order of a key is known. */
  async saturate() {
    const endsAt = performance.now() + this.seconds * 1000;
    let sequence = 0;
    const produce = async (producer) => {
      for (let i = 0; performance.now() < endsAt; i += 1) {
        sequence += 1;
        await this.post(sequence, producer + PRODUCERS * (i % Math.ceil(this.keys / PRODUCERS)));
      }
    };
    await Promise.all(Array.from({ length: PRODUCERS }, (_, producer) => produce(producer)));
  }

  async post(sequence, key) {
    const id = `${this.name}-${sequence}`;
    const sentAt = performance.now();
    this.sentAt.set(id, sentAt);
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/bench', 'ce-type': 'bench.event' },
      ...(this.keys > 0 && { 'ce-partitionkey': `key-${key}`, 'ce-sequence': String(sequence) }),
    };
    const { statusCode, body } = await this.pool.request({
      path: this.target.pathname,
      method: 'POST',
      headers,
      body: 'x',
    });
    await body.dump();
    this.postLatencies.push(performance.now() - sentAt);
    if (statusCode === 202) this.posted += 1;
    else this.refused += 1;
  }

  receive(id) {
    const sentAt = this.sentAt.get(id);
    if (sentAt !== undefined) this.deliveryLatencies.push(performance.now() - sentAt);
  }

  receiveOrdered({ headers }) {
    const id = headers['ce-id'];
    if (id.endsWith('00') && !this.refusedOnce.has(id)) {
      this.refusedOnce.add(id);
      return 503;
    }
    const key = headers['ce-partitionkey'];
    const sequence = Number(headers['ce-sequence']);
    if (sequence < (this.lastOfKey.get(key) ?? -1)) this.disorder += 1;
    this.lastOfKey.set(key, sequence);
    this.ordered += 1;
    return 200;
  }

  /** Until nothing more arrives. */
  async untilQuiet() {
    for (let before = -1; before !== this.received;) {
      before = this.received;
      await delay(700);
    }
  }

  get received() {
    return this.deliveryLatencies.length + this.ordered;
  }
}

process.on('message', async (request) => {
  current = new Run(request);
  process.send({ result: await current.run() });
});
process.on('disconnect', () => process.exit(0));
consumer.listen(0, '127.0.0.1', () => process.send({ port: consumer.address().port }));
