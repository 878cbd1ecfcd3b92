import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a subscriber saw it. */
export interface ReceivedEvent {
  readonly id: string;
  /** Names in lower case, as a flat list, one character a byte. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** The status to answer with; `hang` = no answer until told. `attempt` counts the requests for this id from 1. */
export type SubscriberBehaviour = (event: ReceivedEvent, attempt: number) => number | 'hang';

/** A subscriber, or a dead letter sink, with a port of its own. */
export class HttpSubscriber {
  readonly received: ReceivedEvent[] = [];
  /** Events that were answered with a 2xx, in the order of the answers. */
  readonly taken: ReceivedEvent[] = [];
  private readonly hanging: { readonly event: ReceivedEvent; readonly response: ServerResponse }[] = [];
  private readonly server: Server;

  private constructor(private behaviour: SubscriberBehaviour) {
    this.server = createServer((request, response) => this.read(request, response));
  }

  static async start(behaviour: SubscriberBehaviour = () => 202): Promise<HttpSubscriber> {
    const subscriber = new HttpSubscriber(behaviour);
    subscriber.server.listen(0, '127.0.0.1');
    await once(subscriber.server, 'listening');
    return subscriber;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  get takenIds(): string[] {
    return this.taken.map(({ id }) => id);
  }

  /** Answers what hangs, and what is still to come, with this status. */
  answerAll(status: number): void {
    this.behaviour = () => status;
    for (const { event, response } of this.hanging.splice(0)) this.answer(event, response, status);
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }

  private read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const id = idOf(request);
      const rawHeaders = request.rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text));
      const event = { id, rawHeaders, body: Buffer.concat(chunks) };
      this.received.push(event);
      const attempt = this.received.filter((other) => other.id === id).length;
      const status = this.behaviour(event, attempt);
      if (status === 'hang') this.hanging.push({ event, response });
      else this.answer(event, response, status);
    });
  }

  private answer(event: ReceivedEvent, response: ServerResponse, status: number): void {
    if (status >= 200 && status < 300) this.taken.push(event);
    response.writeHead(status).end();
  }
}

function idOf({ headers }: IncomingMessage): string {
  const id = headers['ce-id'] ?? headers['ce-eventid'] ?? '';
  return String(id);
}
