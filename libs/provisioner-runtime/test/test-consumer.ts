import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedEvent {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A subscriber behind real HTTP that keeps what it gets. */
export class TestConsumer {
  readonly received: ReceivedEvent[] = [];
  /** Status of answers; a promise holds them back. */
  answer: () => number | Promise<number> = () => 200;
  private server: Server | undefined;

  static async start(): Promise<TestConsumer> {
    const consumer = new TestConsumer();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { headers } = request;
        const body = Buffer.concat(chunks);
        const id = headers['ce-id'] ?? (JSON.parse(body.toString()) as { id: string }).id;
        consumer.received.push({ id: String(id), headers, body });
        void Promise.resolve(consumer.answer()).then((status) => response.writeHead(status).end());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    consumer.server = server;
    return consumer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}/`;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
