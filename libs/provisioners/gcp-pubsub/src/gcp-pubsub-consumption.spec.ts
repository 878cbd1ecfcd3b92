import { PubSub, type Message } from '@google-cloud/pubsub';
import { RecordingHandler, testEvent } from '@millrace/conformance';
import { silentLogger } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import { PassThroughClient } from 'google-auth-library';
import { expect, it as baseIt } from 'vitest';
import { GcpPubSubConsumption } from './gcp-pubsub-consumption.js';
import { toPubSubMessage } from './message-mapping.js';

/** A consumption of a service that nobody can reach: what comes, and what is lost, is told by the test. */
class Bench {
  readonly handler = new RecordingHandler();
  readonly givenBack: string[] = [];
  readonly acknowledged: string[] = [];
  readonly consumption: GcpPubSubConsumption;

  constructor(
    readonly client: PubSub,
    maxInFlight: number,
  ) {
    const channel = { namespace: 'default', name: 'orders', uid: 'u', purpose: 'events', arguments: {} } as const;
    this.consumption = new GcpPubSubConsumption(
      { channel, name: 'billing', uid: 's' },
      this.handler.handle,
      { maxInFlight },
      {
        ...{ subscriptionName: 'billing', ackDeadlineSeconds: 10, clock: new ManualClock(), logger: silentLogger },
        client: { client, release: () => undefined },
      },
    );
  }

  arrives(id: string, partitionKey?: string): void {
    const mapping = toPubSubMessage(testEvent(id, { partitionKey }));
    if (mapping.outcome === 'too-large') throw new Error(mapping.message);
    const { data, attributes, orderingKey } = mapping.message;
    this.consumption.onMessage({
      ...{ id, ackId: `lease of ${id}`, data, attributes, orderingKey },
      ack: () => this.acknowledged.push(id),
      nack: () => this.givenBack.push(id),
    } as unknown as Message);
  }

  losesLeaseOf(...ids: string[]): void {
    this.consumption.onLeasesLost(
      ids.map((id) => `lease of ${id}`),
      new Error('too late'),
    );
  }
}

const it = baseIt.extend<{ client: PubSub }>({
  // eslint-disable-next-line no-empty-pattern -- vitest reads the pattern
  client: async ({}, use) => {
    const authClient = new PassThroughClient();
    const client = new PubSub({ projectId: 'p', apiEndpoint: '127.0.0.1:1', emulatorMode: true, authClient });
    await use(client);
    await client.close();
  },
});

it('a lost lease takes everything of its key out of hand: what came after it may not go first', ({ client }) => {
  const bench = new Bench(client, 2);
  bench.arrives('1', 'k');
  bench.arrives('other', 'another key');
  bench.arrives('2', 'k');
  bench.losesLeaseOf('1');
  expect(bench.handler.ids).toEqual(['1', 'other']);
  expect(bench.givenBack).toEqual(['1', '2']);
  expect(bench.handler.claimOf('other')?.signal.aborted).toBe(false);
  bench.arrives('1', 'k');
  expect(bench.handler.ids).toEqual(['1', 'other', '1']);
});

it('a lost lease of an event without a key takes no other one', ({ client }) => {
  const bench = new Bench(client, 1);
  bench.arrives('1');
  bench.arrives('2');
  bench.losesLeaseOf('1');
  expect(bench.handler.ids).toEqual(['1', '2']);
  expect(bench.givenBack).toEqual(['1']);
});

it('claims end from the youngest on, so that the end of one starts no other of its key', async ({ client }) => {
  const ended: string[] = [];
  const bench = new Bench(client, 10);
  for (const id of ['1', '2', '3', '4']) {
    bench.arrives(id, 'k');
    bench.handler.claimOf(id)?.signal.addEventListener('abort', () => ended.push(id));
  }
  bench.losesLeaseOf('1', '2', '3', '4');
  expect(ended).toEqual(['4', '3', '2', '1']);
  expect(bench.givenBack).toEqual(['1', '2', '3', '4']);
  for (const id of ['5', '6']) {
    bench.arrives(id, 'k');
    bench.handler.claimOf(id)?.signal.addEventListener('abort', () => ended.push(id));
  }
  await bench.consumption.stop(AbortSignal.abort());
  expect(ended.slice(4)).toEqual(['6', '5']);
  expect(bench.givenBack.slice(4)).toEqual(['5', '6']);
});
