import { ManualClock } from '@millrace/testing';
import type { Batch } from 'kafkajs';
import { expect, it } from 'vitest';
import type { GroupPositions } from '../consumer-groups.js';
import { OwnedPartitions } from './owned-partitions.js';

/** Partitions of a member whose broker is played by the test: it says where the group stands when it is told to. */
function owning() {
  const fetched = new Map<number, 'paused' | 'resumed'>();
  const seeks: string[] = [];
  const asked: ((positions: GroupPositions) => void)[] = [];
  const owned = new OwnedPartitions('orders', {
    clock: new ManualClock(),
    control: {
      seek: (partition, offset) => seeks.push(`${partition}@${offset}`),
      pause: (partition) => fetched.set(partition, 'paused'),
      resume: (partition) => fetched.set(partition, 'resumed'),
    },
    positions: () => new Promise((resolve) => asked.push(resolve)),
    topicId: () => Promise.resolve('id'),
    maxInFlight: () => 10,
    onReady: () => {},
    onOtherTopic: () => {},
  });
  const answer = async (...positions: [partition: number, position: number][]) => {
    asked.shift()?.({ topicId: 'id', positions: new Map(positions) });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { owned, fetched, seeks, answer };
}

const batch = (partition: number, offset: number, highWatermark: number) =>
  ({
    partition,
    highWatermark: String(highWatermark),
    messages: [{ offset: String(offset), value: Buffer.from('{}'), key: null }],
    lastOffset: () => String(offset),
  }) as unknown as Batch;

it('A partition is fetched once it is known where its group stands, from there on', async () => {
  const { owned, fetched, seeks, answer } = owning();
  owned.join([0], false);
  expect(owned.take(batch(0, 100, 101))).toBe(false);
  expect(fetched.get(0)).toBe('paused');
  await answer([0, 100]);
  expect({ seeks, fetched: fetched.get(0) }).toEqual({ seeks: ['0@100'], fetched: 'resumed' });
  expect(owned.take(batch(0, 100, 101))).toBe(true);
});

it('What another member has gone on with meanwhile is begun where that one stands', async () => {
  const { owned, seeks, answer } = owning();
  owned.join([0], false);
  await answer([0, 100]);
  owned.take(batch(0, 100, 101));
  const { claim } = owned.windows[0]!;
  owned.join([0], false);
  await answer([0, 200]);
  expect(claim.signal.aborted).toBe(true);
  expect(seeks.at(-1)).toBe('0@200');
});

it('A partition that loses its end while another one is asked for holds that one up no longer than the answer takes', async () => {
  const { owned, fetched, answer } = owning();
  owned.join([0], false);
  await answer([0, 100]);
  owned.take(batch(0, 100, 101));
  owned.join([0, 1], true);
  owned.take(batch(0, 5, 6));
  await answer([0, 6], [1, 7]);
  expect(fetched.get(1)).toBe('resumed');
});
