import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { protos, PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { expect, it, vi } from 'vitest';
import { MessagePull } from './message-pull.js';

const { StreamingPullRequest } = protos.google.pubsub.v1;
/** Of a message in gRPC: whether it is compressed, and its length. */
const FRAME_BYTES = 5;

/** The first message of a stream. */
async function firstMessage(stream: ServerHttp2Stream): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    if (received.length < FRAME_BYTES) continue;
    const end = FRAME_BYTES + received.readUInt32BE(1);
    if (received.length >= end) return received.subarray(FRAME_BYTES, end);
  }
  throw new Error('The stream ended early');
}

it('asks for so many events, and for no more than 64 MiB', async () => {
  const asked: protos.google.pubsub.v1.StreamingPullRequest[] = [];
  const server = createServer().on('stream', (stream) => {
    void firstMessage(stream).then((message) => asked.push(StreamingPullRequest.decode(message)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiEndpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new PubSub({ projectId: 'p', apiEndpoint, emulatorMode: true, authClient: new PassThroughClient() });
  const ignore = () => undefined;
  const listener = { onMessage: ignore, onLeasesLost: ignore, onBroken: ignore, onGone: ignore };
  const pull = new MessagePull(client, { subscriptionName: 's', maxMessages: 7, ackDeadlineSeconds: 10 }, listener);
  await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 10_000 });
  expect(Number(asked[0]?.maxOutstandingMessages)).toBe(7);
  expect(Number(asked[0]?.maxOutstandingBytes)).toBe(64 * 1024 * 1024);
  pull.close();
  await pull.ended;
  await client.close();
  server.close();
});
