// A bare client as the benchmark of a broker runs it: so many events under way, each followed by the next when it has been consumed. One process publishes and
// consumes, so that one clock measures.

/** 1 KB of JSON, as load.mjs sends it. */
export const BODY = Buffer.from(JSON.stringify({ text: 'x'.repeat(1024 - 11) }));

/** @param publish (id) => void: hands one event to the client, whose answer it looks after itself */
export class ClosedLoop {
  pending = new Map();
  latencies = [];
  done = 0;
  sequence = 0;

  constructor(publish) {
    this.publish = publish;
  }

  /** An event has come back. */
  receive(id) {
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
    this.publish(id);
  }

  async run({ connections, seconds, thinkMs = 0 }) {
    Object.assign(this, { thinkMs, latencies: [], done: 0, over: false, pending: new Map() });
    const startedAt = performance.now();
    for (let i = 0; i < connections; i += 1) this.next();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    this.over = true;
    const elapsed = (performance.now() - startedAt) / 1000;
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
    return { events: this.done, seconds: elapsed, refused: 0, errors: [], p50: at(0.5), p99: at(0.99) };
  }
}

/** Answers the requests of the benchmark until it ends. */
export function serve(loop) {
  process.on('message', async (request) => process.send({ result: await loop.run(request) }));
  process.on('disconnect', () => process.exit(0));
  process.send({ port: 0 });
}
