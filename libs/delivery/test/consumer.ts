import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a consumer saw it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a consumer does with a request. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    response.writeHead(code, headers).end();

export const reset: Behaviour = (response) => response.socket?.resetAndDestroy();

export const hang: Behaviour = () => {};

export const answer =
  (code: number, headers: Record<string, string>, body: string | Buffer): Behaviour =>
  (response) =>
    response.writeHead(code, headers).end(body);

/** Sends headers, then bytes until nobody reads them. */
export const endless =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(code, headers);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const pump = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', pump);
    };
    pump();
  };

/** A consumer with a port: behaves as told, request after request, then as the last one says for ever. */
export class Consumer implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = [];
  private readonly server: Server;
  private readonly arrivals: { count: number; resolve: () => void }[] = [];
  behaviours: Behaviour[];

  private constructor(behaviours: readonly Behaviour[]) {
    this.behaviours = [...behaviours];
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.serve({ method, path: url, headers, body: Buffer.concat(chunks) }, response);
      });
    });
  }

  static async start(...behaviours: Behaviour[]): Promise<Consumer> {
    const consumer = new Consumer(behaviours);
    consumer.server.listen(0, '127.0.0.1');
    await once(consumer.server, 'listening');
    return consumer;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when `count` requests have come in. */
  received(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.arrivals.push({ count, resolve }));
  }

  /** Connections that are open now. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private serve(request: ReceivedRequest, response: ServerResponse): void {
    this.requests.push(request);
    const behaviour = this.behaviours.length > 1 ? this.behaviours.shift() : this.behaviours[0];
    behaviour?.(response, request);
    for (const { count, resolve } of this.arrivals) if (this.requests.length >= count) resolve();
  }
}
