import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that keeps what it gets; `answers` are the statuses of the next requests, then 202. */
export interface RecordingSink {
  readonly url: string;
  readonly received: ReceivedRequest[];
  readonly answers: { status: number; headers?: Record<string, string> }[];
  /** Requests that were open at the same time, at most. */
  readonly mostAtOnce: () => number;
  close(): Promise<void>;
}

export async function startSink(delayMs = 0): Promise<RecordingSink> {
  const received: ReceivedRequest[] = [];
  const answers: RecordingSink['answers'] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++open);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ method: request.method ?? '', headers: request.headers, body });
      const { status, headers } = answers.shift() ?? { status: 202 };
      setTimeout(() => {
        open -= 1;
        response.writeHead(status, headers).end();
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, received, answers, mostAtOnce: () => most, close };
}
