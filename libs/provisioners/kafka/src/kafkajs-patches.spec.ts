import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { patchKafkaJs } from './kafkajs-patches.js';

const require = createRequire(import.meta.url);

it('kafkajs is the version whose insides were read, and they are where they were', async () => {
  expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
  patchKafkaJs();
  patchKafkaJs();
  const { requests } = require('kafkajs/src/protocol/requests') as {
    requests: {
      Metadata: { protocol: (v: object) => (a: object) => { request: { encode(): Promise<{ buffer: Buffer }> } } };
    };
  };
  const body = async (topics: string[]) => {
    const exchange = requests.Metadata.protocol({ version: 6 })({ topics, allowAutoTopicCreation: false });
    return (await exchange.request.encode()).buffer;
  };
  // No topics are none, and not null, which is all; topics are what they were.
  expect([...(await body([]))]).toEqual([0, 0, 0, 0, 0]);
  expect([...(await body(['t']))]).toEqual([0, 0, 0, 1, 0, 1, 't'.charCodeAt(0), 0]);
});

it('an idle request queue sets no timer, and one that holds something back does', () => {
  patchKafkaJs();
  const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    scheduleCheckPendingRequests(): void;
    destroy(): void;
  };
  const queue = new RequestQueue({ logger: { debug() {} } });
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
  queue.throttledUntil = Date.now() + 60_000;
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  queue.destroy();
});
