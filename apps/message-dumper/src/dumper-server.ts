import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEvents } from '@millrace/cloudevents-http';
import { type Clock, type ProcessPart, sleep } from '@millrace/eventing-api';
import type { MessageDumperSettings } from './config.js';
import { eventLine, eventText, requestLine } from './dump-text.js';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Takes events at any path and prints them; answers 200 with an empty body, or what it was told to answer. */
export class DumperServer implements ProcessPart {
  readonly name = 'message-dumper';
  private readonly server = createServer({ connectionsCheckingInterval: 1_000 }, (request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });
  private stopping = false;

  constructor(
    private readonly settings: MessageDumperSettings,
    private readonly clock: Clock,
    private readonly print: (text: string) => void,
  ) {}

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.settings.port, this.settings.host, resolve);
    });
  }

  ports() {
    return { http: (this.server.address() as AddressInfo | null)?.port ?? 0 };
  }

  stopIntake(): Promise<void> {
    this.stopping = true;
    return Promise.resolve();
  }

  /** Lets answers go out that are under way; at the deadline connections are cut. */
  drain(deadline: AbortSignal): Promise<void> {
    deadline.addEventListener('abort', () => {
      this.server.closeAllConnections();
    });
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private respond(response: ServerResponse, status: number, text = ''): void {
    if (this.stopping) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const reading = body ? readEvents(request.rawHeaders, body) : undefined;
    const receivedAt = new Date(this.clock.now()).toISOString();
    if (body === undefined || reading === undefined) {
      this.respond(response, 413);
    } else if (reading.outcome === 'invalid') {
      this.print(requestLine(receivedAt, request, reading.message, body));
      this.respond(response, 400, `${reading.message}\n`);
    } else {
      const textOf = this.settings.verbose ? eventText : eventLine;
      for (const event of reading.events) this.print(textOf(receivedAt, event));
      if (this.settings.respondDelayMs > 0) await sleep(this.clock, this.settings.respondDelayMs);
      this.respond(response, this.settings.respondStatus);
    }
  }
}

/** The body, or undefined where it is too large to be kept. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
