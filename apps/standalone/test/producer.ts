import { request, type IncomingHttpHeaders } from 'node:http';

/** What a producer is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Posting {
  /** Default POST. */
  readonly method?: string;
  /** A `host` among them is the name under which the ingress is called; the address stays that of the URL. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Several parts are sent in chunks, without a Content-Length. */
  readonly body?: string | Buffer | readonly Buffer[];
}

/** Headers of an event in binary mode. `attributes` are those beside the required ones, or in their place. */
export function eventHeaders(id: string, attributes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const more = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value] as const);
  return {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': '/suite',
    'ce-type': 'suite.event',
    'content-type': 'application/json',
    ...Object.fromEntries(more),
  };
}

/** One event in structured mode, as it stands in a batch. */
export function structuredEvent(id: string): Record<string, unknown> {
  return { specversion: '1.0', id, source: '/suite', type: 'suite.event', data: { id } };
}

/** Sends a request on a connection of its own, so that no answer depends on what became of an earlier one. */
export function send(url: string, { method = 'POST', headers = {}, body = '' }: Posting): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      outgoing.end(body);
    } else {
      for (const part of body) outgoing.write(part);
      outgoing.end();
    }
  });
}

/** Posts one event in binary mode. */
export function postEvent(url: string, id: string, body: string | Buffer = '{}'): Promise<Answer> {
  return send(url, { headers: eventHeaders(id), body });
}

/** Posts several events as one batch. */
export function postBatch(url: string, events: readonly unknown[]): Promise<Answer> {
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  return send(url, { headers, body: JSON.stringify(events) });
}

/** `<prefix>0`, `<prefix>1`, ... */
export function idsOf(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Events in one request. */
const BATCH = 100;

/** Posts events one batch after the other and returns the ids of those that were taken. */
export async function postAll(url: string, ids: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    const { status } = await postBatch(url, batch.map(structuredEvent));
    if (status === 202) taken.push(...batch);
  }
  return taken;
}

const LANES = 4;

/** Posts events, a few at a time, until it is told to stop. */
export class SteadyProducer implements AsyncDisposable {
  /** Ids of the events that were answered with 202. */
  readonly taken: string[] = [];
  private count = 0;
  private stopped = false;
  private readonly posting: Promise<unknown>;

  constructor(private readonly url: string) {
    this.posting = Promise.all(Array.from({ length: LANES }, () => this.post()));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.posting;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private async post(): Promise<void> {
    while (!this.stopped) {
      const id = `steady-${this.count++}`;
      const { status } = await postEvent(this.url, id);
      if (status === 202) this.taken.push(id);
    }
  }
}
