import type { DriverChannel, StoredEvent } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import type { Producer } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { KafkaClients } from '../kafka-clients.js';
import { KafkaPublisher } from './kafka-publisher.js';
import type { KafkaTopics, TopicInfo } from '../kafka-topics.js';

const INFO: TopicInfo = { partitions: 1, maxMessageBytes: 1_048_588 };
const LIMITS = { maxPendingEvents: 10, maxPendingBytes: 1_000_000 };
const STORED = { outcome: 'stored' };
const NOT_FOUND = { outcome: 'refused', code: 'not-found' };

const channel: DriverChannel = { namespace: 'default', name: 'orders', uid: 'u', purpose: 'events', arguments: {} };
const event: StoredEvent = {
  specversion: '1.0',
  id: '1',
  source: '/s',
  type: 't',
  partitionKey: undefined,
  headers: [],
  body: Buffer.from('{}'),
  mode: 'binary',
  transport: { hops: 1 },
};

/** A cluster that looks for a topic until it is told what it has found, and takes every event. */
class SlowCluster {
  readonly looks: PromiseWithResolvers<TopicInfo | undefined>[] = [];
  /** What connecting comes to, first of all; nothing: it succeeds. */
  readonly refusals: Error[] = [];

  readonly topics = {
    look: () => {
      const look = Promise.withResolvers<TopicInfo | undefined>();
      this.looks.push(look);
      return look.promise;
    },
  } as unknown as KafkaTopics;

  readonly clients = {
    producer: () =>
      ({
        connect: () => {
          const refusal = this.refusals.shift();
          return refusal ? Promise.reject(refusal) : Promise.resolve();
        },
        send: () => Promise.resolve([{}]),
        disconnect: () => Promise.resolve(),
      }) as unknown as Producer,
  } as KafkaClients;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function publishing() {
  const cluster = new SlowCluster();
  const clock = new ManualClock();
  const { clients, topics } = cluster;
  const publisher = new KafkaPublisher(LIMITS, { clients, topics, clock });
  const publish = () => publisher.publish(channel, event, undefined);
  return { cluster, clock, publisher, publish };
}

describe('publishing to a Channel', () => {
  it('works as soon as it was ensured here, whatever a look says that began before', async () => {
    const { cluster, publisher, publish } = publishing();
    const early = publish();
    publisher.learn(channel, INFO);
    cluster.looks[0]?.resolve(undefined);
    expect(await early).toEqual(STORED);
    expect(await publish()).toEqual(STORED);
    expect(cluster.looks).toHaveLength(1);
  });

  it('works as soon as it was ensured by another process, whatever was seen before', async () => {
    const { cluster, publish } = publishing();
    const early = publish();
    const late = publish();
    cluster.looks[0]?.resolve(undefined);
    await nextTurn();
    // Now it was ensured elsewhere.
    cluster.looks[1]?.resolve(INFO);
    expect(await early).toMatchObject(NOT_FOUND);
    expect(await late).toEqual(STORED);
    expect(cluster.looks).toHaveLength(2);
  });

  it('is refused while there is no topic, and looks each time', async () => {
    const { cluster, publish } = publishing();
    for (const count of [1, 2]) {
      const result = publish();
      cluster.looks.at(-1)?.resolve(undefined);
      expect(await result).toMatchObject(NOT_FOUND);
      expect(cluster.looks).toHaveLength(count);
    }
  });

  it('goes on while nobody can tell whether the topic has grown, and asks once a second', async () => {
    const { cluster, clock, publisher, publish } = publishing();
    publisher.learn(channel, INFO);
    clock.advance(60_000);
    for (const _ of [1, 2, 3]) {
      expect(await publish()).toEqual(STORED);
      cluster.looks.at(-1)?.reject(new Error('no answer'));
      await nextTurn();
    }
    expect(cluster.looks).toHaveLength(1);
    clock.advance(1000);
    expect(await publish()).toEqual(STORED);
    expect(cluster.looks).toHaveLength(2);
  });

  it('connects again after it could not, whatever the broker had against it', async () => {
    const { cluster, publisher, publish } = publishing();
    cluster.refusals.push(Object.assign(new Error('not now'), { type: 'LEADER_NOT_AVAILABLE' }));
    publisher.learn(channel, INFO);
    expect(await publish()).toMatchObject({ code: 'unavailable' });
    expect(await publish()).toEqual(STORED);
  });

  it('looks anew after minutes in which nothing was published: another process may have deleted it', async () => {
    const { cluster, clock, publisher, publish } = publishing();
    publisher.learn(channel, INFO);
    expect(await publish()).toEqual(STORED);
    clock.advance(6 * 60_000);
    expect(clock.waits).toEqual([]);
    const result = publish();
    cluster.looks[0]?.resolve(undefined);
    expect(await result).toMatchObject(NOT_FOUND);
  });
});
