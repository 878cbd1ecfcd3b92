import { silentLogger } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import type { Cluster, Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { KafkaClients } from '../kafka-clients.js';
import { KafkaConsumption } from './kafka-consumption.js';

const GROUP = { topic: 'orders', groupId: 'g', sessionTimeoutMs: 10_000 };

/** What a consumer of kafkajs does, when it is told to. */
class PuppetConsumer {
  readonly seeks: string[] = [];
  readonly cluster = { findGroupCoordinator: () => Promise.resolve({}) } as unknown as Cluster;
  private readonly listeners = new Map<string, (event: object) => void>();
  private eachBatch: ((payload: EachBatchPayload) => Promise<void>) | undefined;

  readonly consumer = {
    on: (name: string, listener: (event: object) => void) => this.listeners.set(name, listener),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => {
      this.eachBatch = eachBatch;
      return Promise.resolve();
    },
    seek: ({ offset }: { offset: string }) => this.seeks.push(offset),
    pause: () => {},
    resume: () => {},
    disconnect: () => Promise.resolve(),
  } as unknown as Consumer;

  /** As before each JoinGroup. */
  beginJoin(): Promise<unknown> {
    return this.cluster.findGroupCoordinator({ groupId: GROUP.groupId });
  }

  emit(name: string, payload: object): void {
    this.listeners.get(name)?.({ payload });
  }

  join(memberId: string): void {
    this.emit('consumer.group_join', { memberId, memberAssignment: { [GROUP.topic]: [0] } });
  }

  /** Hands over events with these offsets. */
  async fetch(offsets: readonly number[], highWatermark: number): Promise<void> {
    await this.eachBatch?.({
      batch: {
        partition: 0,
        highWatermark: String(highWatermark),
        messages: offsets.map(message),
        lastOffset: () => String(offsets.at(-1)),
      },
      resolveOffset: () => {},
      // Sends nothing, as within its interval.
      heartbeat: () => Promise.resolve(),
      commitOffsetsIfNecessary: () => Promise.resolve(),
      isRunning: () => true,
      isStale: () => false,
    } as unknown as EachBatchPayload);
  }
}

const message = (offset: number): KafkaMessage => ({
  key: null,
  value: Buffer.from('{}'),
  timestamp: '0',
  attributes: 0,
  offset: String(offset),
  headers: { ce_specversion: '1.0', ce_id: String(offset), ce_source: '/s', ce_type: 't' },
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Takes events from puppets, and settles none. */
async function consuming() {
  const puppets: PuppetConsumer[] = [];
  const clock = new ManualClock();
  const handedOut: string[] = [];
  const claims: AbortSignal[] = [];
  const clients = {
    consumer: (_: string, onCluster: (cluster: Cluster) => void) => {
      const puppet = new PuppetConsumer();
      puppets.push(puppet);
      onCluster(puppet.cluster);
      return puppet.consumer;
    },
  } as unknown as KafkaClients;
  const consumption = new KafkaConsumption(
    GROUP,
    (event, { signal }) => {
      handedOut.push(event.id);
      claims.push(signal);
      return new Promise(() => {});
    },
    { maxInFlight: 10 },
    {
      clients,
      clock,
      logger: silentLogger,
      topicId: () => Promise.resolve('id'),
      positions: () => Promise.resolve({ topicId: 'id', positions: new Map([[0, 5]]) }),
      onEnd: () => {},
    },
  );
  const [first] = puppets as [PuppetConsumer];
  await nextTurn();
  first.join('m');
  await nextTurn();
  return { consumption, first, puppets, clock, handedOut, claims };
}

describe('a consumption', () => {
  it('begins at the position of its group', async () => {
    const { first, handedOut } = await consuming();
    expect(first.seeks).toEqual(['5']);
    await first.fetch([5, 6], 7);
    expect(handedOut).toEqual(['5', '6']);
  });

  it('hands out the events of a partition that has lost its end, although it had others with their offsets', async () => {
    const { consumption, first, handedOut, claims } = await consuming();
    await first.fetch([5, 6, 7], 8);
    await first.fetch([3, 4, 5], 6);
    expect(handedOut).toEqual(['5', '6', '7', '3', '4', '5']);
    expect(claims.map(({ aborted }) => aborted)).toEqual([true, true, true, false, false, false]);
    expect(consumption.inFlight).toBe(3);
  });

  it('is not held up by a consumer that was replaced', async () => {
    const { first, puppets, clock, handedOut } = await consuming();
    first.emit('consumer.crash', { error: new Error('lost') });
    clock.advance(200);
    const [, second] = puppets as [PuppetConsumer, PuppetConsumer];
    await nextTurn();
    second.join('n');
    await nextTurn();
    await expect(first.beginJoin()).rejects.toThrow('not wanted');
    await second.fetch([5], 6);
    expect(handedOut).toEqual(['5']);
  });

  it('waits before each rebalance for what is handed out, also where a former wait ends late', async () => {
    const { first, clock } = await consuming();
    await first.fetch([5], 6);
    const late = first.beginJoin();
    first.join('m');
    clock.advance(3000);
    await late;
    let joining = false;
    const next = first.beginJoin().then(() => (joining = true));
    await nextTurn();
    expect(joining).toBe(false);
    clock.advance(3000);
    await next;
  });

  it('gives its partitions up when the group has not heard of it, although kafkajs takes every heartbeat', async () => {
    const { consumption, first, clock, handedOut } = await consuming();
    await first.fetch([5], 6);
    void consumption.stop(new AbortController().signal);
    const heard = async (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1000);
        await nextTurn();
      }
    };
    await heard(9);
    expect(consumption.inFlight).toBe(1);
    await heard(2);
    // The session is over: somebody else has it.
    expect(consumption.inFlight).toBe(0);
    expect(handedOut).toEqual(['5']);
  });
});
