// Producer and consumers in one process, so that one clock measures from POST to receipt. An event is over when it has been answered with
// 202 and every consumer has received it; only then does its connection send the next one, so that nothing queues up.
import { LightClient, lightServer } from './light-http.mjs';
import { percentiles } from './percentiles.mjs';

/** 1 KB of JSON. */
const BODY = JSON.stringify({ text: 'x'.repeat(1024 - 11) });
const ID = /\r\nce-id: *([^\r]+)/i;

/** The measurement that is under way. */
let current;

const consumer = lightServer((head) => current?.receive(ID.exec(head)?.[1]));

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
  }

  async run() {
    const clients = Array.from(
      { length: this.connections },
      () => new LightClient(this.target, (error) => this.errors.push(String(error))),
    );
    const startedAt = performance.now();
    for (const client of clients) this.next(client);
    await new Promise((resolve) => setTimeout(resolve, this.seconds * 1000));
    this.over = true;
    const elapsed = (performance.now() - startedAt) / 1000;
    const { done: events, refused, errors } = this;
    await this.settled();
    for (const client of clients) client.close();
    return { events, seconds: elapsed, refused, errors: errors.slice(0, 3), ...percentiles(this.latencies) };
  }

  /** The next event of a connection, at once or after a random pause. */
  next(client) {
    if (this.thinkMs === 0) this.send(client);
    else setTimeout(() => this.send(client), Math.random() * 2 * this.thinkMs);
  }

  send(client) {
    if (this.over) return;
    const id = `${this.name}-${++this.sequence}`;
    const event = { id, client, sentAt: performance.now(), receipts: 0, accepted: false };
    this.pending.set(id, event);
    client.send(requestOf(id, this.target), (status) => this.onAnswer(event, status));
  }

  onAnswer(event, status) {
    if (status === 202) {
      event.accepted = true;
      this.finishIfOver(event);
      return;
    }
    this.refused += 1;
    this.pending.delete(event.id);
    this.next(event.client);
  }

  receive(id) {
    const event = this.pending.get(id);
    if (event === undefined) return;
    event.receipts += 1;
    if (event.receipts === 1) this.latencies.push(performance.now() - event.sentAt);
    this.finishIfOver(event);
  }

  finishIfOver(event) {
    if (!event.accepted || event.receipts < this.fanOut) return;
    this.pending.delete(event.id);
    this.done += 1;
    this.next(event.client);
  }

  /** What is under way at the end is answered before its connection is closed; what was accepted and has not come back is not waited for. */
  async settled() {
    const isAsked = ({ accepted }) => !accepted;
    for (let i = 0; i < 200 && [...this.pending.values()].some(isAsked); i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function requestOf(id, { host, pathname }) {
  return (
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n` +
    `ce-specversion: 1.0\r\nce-id: ${id}\r\nce-source: /bench\r\nce-type: bench.event\r\nce-time: 2026-01-01T00:00:00Z\r\n` +
    `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`
  );
}

process.on('message', async (request) => {
  current = new Measurement(request);
  process.send({ result: await current.run() });
});
process.on('disconnect', () => process.exit(0));
consumer.listen(0, '127.0.0.1', () => process.send({ port: consumer.address().port }));
